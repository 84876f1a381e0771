"""Ce qui se suit d'une séance à l'autre : les actions, et les jalons de financement."""

from datetime import timedelta

from programme.chapitres.communs import borner, debut_de, depuis_en_mots
from programme.enums import EtatAction
from programme.models import Action, Jalon
from programme.models.actions import PAR_ECHEANCE
from programme.permissions import peut_lire_financement
from programme.services.lecture_financement import LigneJalon, figures, lire_financement
from programme.socle.chapitres import Bloc, Chiffres, Demande, Tableau, inscrire
from programme.socle.dates import date_courte
from programme.socle.nombres import euros, nombre

BIENTOT = timedelta(days=30)
_COLONNES = ("Action", "Pour", "Responsable", "Échéance")


@inscrire("actions", "Les actions", 85)
def actions(demande: Demande) -> list[Bloc]:
    """En retard, puis à finir sous trente jours ; ce qui s'est fait depuis se compte."""
    lues = Action.objects.visibles_par(demande.par).filter(grappe=demande.grappe)
    ouvertes = list(lues.ouvertes().pour_lecture().order_by(*PAR_ECHEANCE))
    faites = lues.filter(etat=EtatAction.FAITE, faite_le__gte=debut_de(demande), faite_le__lte=demande.au).count()
    if not ouvertes and not faites:
        return []
    retards = [a for a in ouvertes if a.est_en_retard(demande.au)]
    proches = [a for a in ouvertes if a.echeance and demande.au <= a.echeance <= demande.au + BIENTOT]
    return [
        Chiffres(
            (
                ("Actions ouvertes", nombre(len(ouvertes))),
                ("En retard", nombre(len(retards))),
                (f"Faites {depuis_en_mots(demande.depuis)}", nombre(faites)),
            )
        ),
        borner("En retard", _COLONNES, [_action(a) for a in retards], "Aucune action n'est en retard."),
        borner(
            "À finir sous trente jours", _COLONNES, [_action(a) for a in proches], "Aucune échéance sous trente jours."
        ),
    ]


def _action(a: Action) -> tuple[str, ...]:
    return (a.libelle, a.pour, a.nom_du_responsable or "à désigner", date_courte(a.echeance))


@inscrire("jalons", "Le financement", 90)
def jalons(demande: Demande) -> list[Bloc]:
    """Les sommes et les jalons de la convention, comme la page du financement."""
    if not peut_lire_financement(demande.par, demande.grappe):
        return []
    lu = lire_financement(demande.grappe, demande.par, demande.au)
    if lu.convention is None:
        return []
    chiffres = (("Aide", euros(lu.bilan.aide)), *((f["titre"], f["valeur"]) for f in figures(lu)))
    lignes = tuple(_jalon(ligne) for ligne in lu.jalons)
    colonnes = ("Jalon", "Échéance", "Montant", "Où il en est")
    return [Chiffres(chiffres), Tableau("Jalons de la convention", colonnes, lignes, "Aucun jalon n'est écrit.")]


def _jalon(ligne: LigneJalon) -> tuple[str, ...]:
    jalon: Jalon = ligne.jalon
    etat = str(jalon.get_etat_display()) + (", en retard" if ligne.en_retard else "")
    somme = jalon.montant if jalon.montant_verse is None else jalon.montant_verse
    return (jalon.libelle, date_courte(jalon.echeance), euros(somme), etat)
