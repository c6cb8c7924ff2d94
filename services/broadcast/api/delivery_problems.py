"""The rows of the problem table about channels and deliveries."""

from kentongan.http import ProblemTable, ProblemText
from services.broadcast.domain import errors

DELIVERY_PROBLEMS: ProblemTable = {
    errors.TargetNotAllowed: ProblemText(
        422,
        "Alamat webhook tidak diizinkan",
        "Webhook address not allowed",
        "Alamat harus https, publik, tanpa nama pengguna dan tanpa fragmen ({why}).",
        "The address must be https and public, without user name and fragment ({why}).",
    ),
    errors.TooManyChannels: ProblemText(
        409,
        "Saluran sudah penuh",
        "Too many channels",
        "Paling banyak {limit} saluran; hapus salah satunya lebih dahulu.",
        "{limit} channels at most; remove one first.",
    ),
    errors.TooManyRotations: ProblemText(
        409,
        "Rahasia terlalu sering diganti",
        "Secret rotated too often",
        "Paling banyak {limit} kali dalam 24 jam, sebab setiap rahasia lama masih "
        "menandatangani; dapat diganti lagi mulai {at}.",
        "{limit} times within 24 hours at most, since each old secret still signs; it can be "
        "rotated again from {at} on.",
    ),
    errors.RegionsForIntegratorOnly: ProblemText(
        422,
        "Wilayah hanya untuk integrator",
        "Regions are for integrators",
        "KIM menerima yang ditujukan kepadanya; kosongkan wilayah.",
        "A group receives what is addressed to it; leave the regions out.",
    ),
    errors.DeliveryNotReplayable: ProblemText(
        409,
        "Kiriman tidak dapat diulang",
        "Delivery can't be replayed",
        "Kiriman berstatus {status}; hanya yang terkirim atau gagal dapat diulang.",
        "The delivery is {status}; only a delivered or failed one can be replayed.",
    ),
    errors.ChannelNotActive: ProblemText(
        409,
        "Saluran tidak aktif",
        "Channel not active",
        "Saluran berstatus {status}; aktifkan lebih dahulu.",
        "The channel is {status}; activate it first.",
    ),
    errors.EditionNotCurrent: ProblemText(
        409,
        "Edisi sudah tidak berlaku",
        "Edition no longer current",
        "Konten berstatus {status} pada edisi {edition}; edisi lama tidak dikirim lagi.",
        "The content is {status} at edition {edition}; an older edition isn't sent again.",
    ),
}
