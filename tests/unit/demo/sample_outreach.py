"""Contents, a contest and campaigns made up for the page's tests."""

from datetime import timedelta

from kentongan.demo.summary import (
    CampaignShown,
    ContentShown,
    ContestShown,
    CriterionShown,
    GroupContents,
    OptionShown,
    PlaceShown,
    PrizeShown,
    StageShown,
    Text,
    WebhookFigures,
)
from tests.unit.demo.sample_dates import TODAY

EVERYONE = Text("semua KIM kota", "all groups of the city")
CONTENTS = (
    ContentShown(
        *("Jadwal <imunisasi>", "information", EVERYONE, "published", 2),
        *(103, 120, 110, 7, 3, 0, 0),
    ),
    ContentShown(
        *("Pasar murah", "activity", EVERYONE, "retracted", 1),
        *(103, 120, 104, 0, 0, 16, 0),
    ),
)
GROUP_CONTENTS = GroupContents({"potential": 104, "achievement": 26}, 132, 118)
WEBHOOKS = WebhookFigures(
    addresses=17,
    received=88,
    repeats=1,
    unavailable=21,
    unanswered=15,
    unverified=0,
    switched_off=1,
)
STAGES = (
    StageShown(
        *(1, "Karya"),
        (
            CriterionShown("kreativitas", "Kreativitas", "judged", 0.75, 0, 100),
            CriterionShown("keaktifan", "Keaktifan", "activity", 0.25, 0, 50),
        ),
        *(103, 10),
    ),
    StageShown(
        *(2, "Presentasi"),
        (CriterionShown("presentasi", "Presentasi", "judged", 1.0, 1, 10),),
        *(10, 10),
    ),
)
CONTEST = ContestShown(
    title="Lomba Kampung Digital",
    stages=STAGES,
    judges=3,
    scores=339,
    corrections=2,
    conflicts=1,
    tie_rule="the higher mean in the criterion of greatest weight",
    ranking=(
        PlaceShown(1, "KIM Cikokol", "Lapak", 2, 88.0, {"presentasi": 8.92}, tied=False),
        PlaceShown(2, "KIM Babakan", "Peta", 2, 80.0, {"presentasi": 8.2}, tied=True),
        PlaceShown(2, "KIM Kelapa Indah", "Radio", 2, 80.0, {"presentasi": 8.2}, tied=True),
        PlaceShown(
            *(4, "KIM Sukasari", "Siniar", 1, 62.5, {"kreativitas": 70.0, "keaktifan": 20.0}),
            tied=False,
        ),
    ),
    prizes=(
        PrizeShown("Juara 1", "KIM Cikokol", 1),
        PrizeShown("Pilihan warga", "KIM Sukasari", None),
    ),
)
CAMPAIGNS = (
    CampaignShown(
        title="KIM pilihan warga",
        formula=Text("suara + 2 x interaksi", "votes + 2 x interactions"),
        status="provisional",
        interaction_weight=2,
        options=(
            OptionShown("KIM Cikokol", {TODAY: 1250}, {TODAY - timedelta(days=1): 40}, 1330),
            OptionShown("KIM Babakan", {TODAY: 750}, {}, 750),
        ),
        acknowledged=2000,
        repeats_refused=100,
        suggestions=60,
    ),
    CampaignShown(
        *("Nama maskot", Text("suara", "votes"), "final", 0),
        (OptionShown("Si Tongtong", {TODAY: 8}, {}, 8),),
        *(8, 0, 1),
    ),
)
