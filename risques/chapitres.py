"""Le chapitre des risques du dossier de séance : niveaux, inacceptables, âge des analyses.

Un risque d'un ESMS ne se nomme que devant le COMOP et le COSTRAT, qui ont à en connaître ; ailleurs, il se compte.
"""

from collections.abc import Iterable
from datetime import date

from gouvernance.enums import TRAITENT_LES_ALERTES
from programme.socle.chapitres import Bloc, Chiffres, Demande, Tableau, Texte, inscrire
from programme.socle.dates import date_courte
from programme.socle.nombres import nombre, quelques
from risques.calculs.criticite import Bornes, niveau
from risques.dessins.chaleur import ANCIENNE
from risques.enums import NiveauRisque
from risques.models import Risque
from risques.services.baremes import bareme_de
from risques.services.chaleur import EsmsLu, esms_lus, lire_esms
from risques.services.grappes import ouverts
from risques.services.recurrents import CATEGORIE, recurrents

GRAVES = (NiveauRisque.INACCEPTABLE, NiveauRisque.CRITIQUE)
NOMMES = 30
NOMS = 8
SANS_NOM = "Les risques propres à un ESMS se comptent ici ; ils se nomment au COMOP et au COSTRAT."
_COLONNES = ("Risque", "Pour", "Criticité", "Suivi par", "À revoir")


@inscrire("risques", "Les risques", 50)
def risques(demande: Demande) -> list[Bloc]:
    """Le registre ouvert et les analyses transmises, comme la page « Risques » de la grappe."""
    bornes = bareme_de(demande.grappe).bornes
    registre = ouverts(demande.grappe, demande.par)
    esms = lire_esms(esms_lus(demande.grappe, demande.par), demande.par)
    if not (registre or esms):
        return []
    par_niveau = {n: [r for r in registre if niveau(r.cote, bornes) == n] for n in NiveauRisque}
    nommes = demande.seance is None or demande.seance.comite.type in TRAITENT_LES_ALERTES
    return [
        _chiffres(registre, par_niveau, esms, demande.au),
        Tableau(
            "Risques ouverts, par niveau",
            ("Niveau", "Risques"),
            tuple((str(n.label), nombre(len(par_niveau[n]))) for n in reversed(NiveauRisque)),
        ),
        *([] if nommes else [Texte(SANS_NOM)]),
        *(_les_graves(n, [r for r in par_niveau[n] if nommes or r.parcours is None], demande.au) for n in GRAVES),
        _ages(esms, demande.au, nommes),
        _recurrents(registre, esms, bornes),
    ]


def _chiffres(
    registre: list[Risque], par_niveau: dict[NiveauRisque, list[Risque]], esms: list[EsmsLu], au: date
) -> Chiffres:
    transmises = sum(bool(e.lignes) for e in esms)
    revues = sum(r.revue_le is not None and r.revue_le < au for r in registre)
    return Chiffres(
        (
            ("Risques ouverts", nombre(len(registre))),
            ("Inacceptables", nombre(len(par_niveau[NiveauRisque.INACCEPTABLE]))),
            ("Date de revue passée", nombre(revues)),
            ("Analyses transmises", f"{transmises} sur {len(esms)}"),
        )
    )


def _les_graves(n: NiveauRisque, siens: list[Risque], au: date) -> Tableau:
    titre = f"{n.label}s"
    if len(siens) > NOMMES:
        titre += f" : les {NOMMES} plus graves sur {len(siens)}"
    lignes = tuple(_risque(r, au) for r in siens[:NOMMES])
    return Tableau(titre, _COLONNES, lignes, f"Aucun risque {str(n.label).lower()} à nommer.")


def _risque(r: Risque, au: date) -> tuple[str, ...]:
    revue = date_courte(r.revue_le) + (", passée" if r.revue_le < au else "") if r.revue_le else "sans date"
    return (r.libelle, r.pour, nombre(r.cote), r.nom_du_proprietaire or "à désigner", revue)


def _ages(esms: list[EsmsLu], au: date, nommes: bool) -> Tableau:
    """Récente, de plus de six mois, jamais transmise : combien ; et qui, si l'on nomme, sauf les récentes."""
    noms: dict[str, list[str]] = {"Moins de six mois": [], "Plus de six mois": [], "Aucune analyse transmise": []}
    recentes, anciennes, absentes = noms
    for e in esms:
        age = (au - e.transmise_le).days if e.transmise_le else None
        noms[absentes if age is None else anciennes if age > ANCIENNE else recentes].append(str(e.parcours))
    if not nommes:
        lignes = tuple((quoi, nombre(len(qui))) for quoi, qui in noms.items())
        return Tableau("Âge des analyses locales", ("Âge", "ESMS"), lignes)
    dits = tuple(
        (quoi, nombre(len(qui)), "" if quoi == recentes else quelques(qui, NOMS)) for quoi, qui in noms.items()
    )
    return Tableau("Âge des analyses locales", ("Âge", "ESMS", "Lesquels"), dits)


def _recurrents(registre: Iterable[Risque], esms: list[EsmsLu], bornes: Bornes) -> Tableau:
    lignes = tuple(
        (
            f"Catégorie : {r.libelle.lower()}" if r.genre == CATEGORIE else r.libelle,
            r.pourquoi,
            nombre(len(r.esms)),
        )
        for r in recurrents(registre, esms, bornes)
    )
    colonnes = ("Ce qui revient", "Pourquoi", "ESMS")
    return Tableau("Ce qui revient d'un ESMS à l'autre", colonnes, lignes, "Aucun risque ne revient dans deux ESMS.")
