"""The rows of the problem table about campaigns and votes."""

from kentongan.http import ProblemTable, ProblemText
from services.scoring.domain import voting_errors as errors

VOTING_PROBLEMS: ProblemTable = {
    errors.CampaignPeriodReversed: ProblemText(
        422,
        "Masa pemungutan suara terbalik",
        "Campaign period reversed",
        "Pemungutan suara berakhir {ends_at}, tidak sesudah dimulai {starts_at}.",
        "The campaign ends at {ends_at}, not after it starts at {starts_at}.",
    ),
    errors.CampaignTooLong: ProblemText(
        422,
        "Masa pemungutan suara terlalu panjang",
        "Campaign too long",
        "Pemungutan suara berlangsung {days} hari; paling lama {limit} hari.",
        "The campaign takes {days} days; {limit} days are the most.",
    ),
    errors.OptionRepeated: ProblemText(
        422,
        "Pilihan ganda",
        "Option repeated",
        "Pilihan {option} muncul dua kali.",
        "Option {option} appears twice.",
    ),
    errors.OptionUnknown: ProblemText(
        422,
        "Pilihan tidak dikenal",
        "Unknown option",
        "Pemungutan suara ini tidak memiliki pilihan {option}.",
        "The campaign has no option {option}.",
    ),
    errors.CampaignNotOpen: ProblemText(
        409,
        "Pemungutan suara belum dibuka",
        "Campaign not open",
        "Pemungutan suara baru dimulai {starts_at}.",
        "The campaign begins at {starts_at}.",
    ),
    errors.CampaignOver: ProblemText(
        409,
        "Pemungutan suara sudah berakhir",
        "Campaign over",
        "Pemungutan suara sudah berakhir {ends_at}.",
        "The campaign ended at {ends_at}.",
    ),
    errors.AlreadyVotedToday: ProblemText(
        409,
        "Sudah memberi suara hari ini",
        "Already voted today",
        "Suara Anda untuk {day} sudah tercatat; Anda dapat memberi suara lagi besok.",
        "Your vote of {day} is counted; you can vote again tomorrow.",
    ),
    errors.DayOutsideCampaign: ProblemText(
        422,
        "Di luar masa pemungutan suara",
        "Outside the campaign",
        "Pemungutan suara berlangsung dari {first_day} sampai {last_day}.",
        "The campaign runs from {first_day} to {last_day}.",
    ),
    errors.DayAhead: ProblemText(
        422,
        "Hari belum tiba",
        "Day ahead",
        "Interaksi {day} belum dapat dihitung.",
        "Interactions of {day} can't be counted yet.",
    ),
    errors.TallyFinal: ProblemText(
        409,
        "Perolehan sudah final",
        "Tally final",
        "Perolehan sudah dihitung final pada {counted_at}.",
        "The final count was made at {counted_at}.",
    ),
    errors.InteractionsFull: ProblemText(
        409,
        "Terlalu banyak angka interaksi",
        "Too many interaction figures",
        "Satu pemungutan suara menyimpan paling banyak {limit} angka interaksi.",
        "A campaign keeps {limit} interaction figures at most.",
    ),
    errors.ReplacementsFull: ProblemText(
        409,
        "Terlalu banyak penggantian angka interaksi",
        "Too many replaced interaction figures",
        "Angka interaksi satu pemungutan suara paling banyak diganti {limit} kali; angka yang "
        "belum dicatat masih diterima. Catat angka setelah harinya berakhir.",
        "A campaign's interaction figures are replaced {limit} times at most; those not entered "
        "yet are still taken. Enter a figure when its day is over.",
    ),
}
