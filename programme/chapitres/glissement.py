"""De combien on a glissé : par étape, par vague, et les ESMS les plus en retard."""

from programme.chapitres.communs import parcours_de
from programme.dessins.glissement import Bilan, en_jours, sens
from programme.services.calendrier import (
    ETAPES,
    LigneCalendrier,
    glissement_par_etape,
    glissement_par_vague,
    lire_calendrier,
    par_vague,
    sans_reference,
)
from programme.socle.chapitres import Bloc, Chiffres, Demande, Tableau, Texte, inscrire
from programme.socle.nombres import ABSENT, nombre

PREMIERS = 10
_COLONNES = ("ESMS mesurés", "Médiane", "Du plus tôt au plus tard", "En retard", "Date passée, pas atteinte")


@inscrire("glissement", "Le calendrier, et de combien il glisse", 30)
def glissement(demande: Demande) -> list[Bloc]:
    """Les mêmes écarts que le calendrier de la grappe : réel ou révisé, moins la référence."""
    lignes = lire_calendrier(parcours_de(demande), demande.au)
    if not lignes:
        return []
    etapes = glissement_par_etape(lignes, demande.au)
    if not etapes:
        return [Texte("Aucune date de référence n'est posée : le glissement ne se mesure pas encore.")]
    vagues = glissement_par_vague(par_vague(demande.grappe, lignes), demande.au)
    return [
        Chiffres(
            (
                ("Dates passées, pas atteintes", nombre(sum(b.depassees for _, b in etapes))),
                ("ESMS sans aucune date de référence", nombre(sans_reference(lignes))),
            )
        ),
        Tableau("Écart à la référence, par étape", ("Étape", *_COLONNES), tuple(_bilan(n, b) for n, b in etapes)),
        Tableau(
            "Dernier écart connu de chaque ESMS, par vague",
            ("Vague", *_COLONNES),
            tuple(_bilan(n, b) for n, b in vagues),
        ),
        _les_plus_en_retard(lignes),
    ]


def _bilan(nom: str, b: Bilan) -> tuple[str, ...]:
    etendue = en_jours(b.minimum) if b.nombre else ABSENT
    if b.minimum != b.maximum:
        etendue = f"{en_jours(b.minimum)} à {en_jours(b.maximum)}"
    return (nom, nombre(b.nombre), en_jours(b.mediane), etendue, nombre(b.en_retard), nombre(b.depassees))


def _dernier(ligne: LigneCalendrier) -> tuple[int, str] | None:
    """L'étape la plus avancée qui a un écart : (jours, son nom)."""
    for etape in reversed(ETAPES):
        if etape.value in ligne.traversees and (jours := ligne.ecart_en_jours(etape.value)) is not None:
            return jours, str(etape.label)
    return None


def _les_plus_en_retard(lignes: list[LigneCalendrier]) -> Tableau:
    mesures = [(ligne.parcours, *ecart) for ligne in lignes if (ecart := _dernier(ligne))]
    retards = sorted((m for m in mesures if sens(m[1]) == "retard"), key=lambda m: (-m[1], str(m[0]), m[0].pk))
    montres = tuple((str(p), etape, en_jours(jours)) for p, jours, etape in retards[:PREMIERS])
    titre = "Les plus en retard"
    if len(retards) > PREMIERS:
        titre = f"Les {PREMIERS} plus en retard, sur {len(retards)} ESMS en retard"
    return Tableau(titre, ("ESMS", "Étape", "Écart"), montres, "Aucun ESMS n'est en retard sur sa référence.")
