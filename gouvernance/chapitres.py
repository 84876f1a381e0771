"""Les chapitres de la gouvernance : décisions à prendre et prises, conditions levées, alertes.

Un membre ne lit que ses instances : le dossier d'une séance ne porte que les décisions de la sienne, et les alertes ne
vont qu'aux instances qui les traitent.
"""

from collections import defaultdict
from typing import Any

from django.utils import timezone

from gouvernance.enums import TRAITENT_LES_ALERTES, EtatAlerte, EtatDecision
from gouvernance.models import Alerte, Decision
from gouvernance.models.decisions import EN_VIGUEUR, DecisionQuerySet
from programme.chapitres.communs import debut_de, depuis_en_mots
from programme.models import Parcours
from programme.models.actions import TOUTE_LA_GRAPPE
from programme.socle.chapitres import Bloc, Chiffres, Demande, Tableau, inscrire
from programme.socle.conditions import conditions
from programme.socle.dates import date_courte
from programme.socle.models import Derogation
from programme.socle.nombres import nombre, quelques

NOMMES = 6


@inscrire("decisions", "Les décisions", 10)
def decisions(demande: Demande) -> list[Bloc]:
    """À prendre, prises depuis la séance d'avant, à revoir ; et les conditions levées, avec leur fin."""
    lues = _decisions_de(demande)
    debut = debut_de(demande)
    a_prendre = [d for d in lues if d.etat == EtatDecision.INSTRUITE]
    prises = [d for d in lues if d.arbitree_le and debut <= d.arbitree_le <= demande.au]
    a_revoir = [d for d in lues if d.etat in EN_VIGUEUR and d.revue_le and d.revue_le <= demande.au]
    levees = _levees(demande)
    depuis = depuis_en_mots(demande.depuis)
    return [
        Chiffres(
            (
                ("Décisions à prendre", nombre(len(a_prendre))),
                (f"Prises {depuis}", nombre(len(prises))),
                ("Conditions levées en ce moment", nombre(len(levees))),
            )
        ),
        Tableau("À prendre", ("N°", "Décision", "Pour", "Ce qu'elle change"), tuple(_a_prendre(d) for d in a_prendre),
                "Aucune décision n'est instruite."),
        Tableau(f"Prises {depuis}", ("N°", "Décision", "Pour", "Arbitrée le", "Où elle en est"),
                tuple(_prise(d) for d in prises), f"Aucune décision prise {depuis}."),
        *([_a_revoir(a_revoir)] if a_revoir else []),
        Tableau("Conditions levées en ce moment", ("Condition", "Pour", "Jusqu'au", "Par"), tuple(levees),
                "Aucune condition n'est levée."),
    ]  # fmt: skip


def _decisions_de(demande: Demande) -> list[Decision]:
    """Celles de l'instance qui se réunit ; sans séance, celles que lit ce lecteur. Deux requêtes."""
    vues: DecisionQuerySet = Decision.objects.visibles_par(demande.par).filter(grappe=demande.grappe)
    if demande.seance is not None:
        vues = vues.filter(comite=demande.seance.comite_id)
    return list(vues.pour_lecture().prefetch_related("portees__parcours__esms").order_by("numero"))


def _pour(d: Decision) -> str:
    return quelques(sorted(str(p.parcours) for p in d.portees.all()), NOMMES) or TOUTE_LA_GRAPPE


def _libelle(code: str) -> str:
    condition = conditions.get(code)
    return condition.libelle if condition else code


def _a_prendre(d: Decision) -> tuple[str, ...]:
    change = d.changement or str(d.get_effet_display())
    if d.est_levee:
        change = f"« {_libelle(d.condition)} » levée du {date_courte(d.levee_du)} au {date_courte(d.levee_au)}"
    return (nombre(d.numero), d.intitule, _pour(d), change)


def _prise(d: Decision) -> tuple[str, ...]:
    return (nombre(d.numero), d.intitule, _pour(d), date_courte(d.arbitree_le), str(d.get_etat_display()))


def _a_revoir(siennes: list[Decision]) -> Tableau:
    lignes = tuple((nombre(d.numero), d.intitule, _pour(d), date_courte(d.revue_le)) for d in siennes)
    return Tableau("À revoir", ("N°", "Décision", "Pour", "Depuis le"), lignes)


def _levees(demande: Demande) -> list[tuple[str, ...]]:
    """Une ligne par décision et par condition : ce que la porte laisse passer aujourd'hui. Deux requêtes."""
    lus = Parcours.objects.lisibles_par(demande.par).filter(grappe=demande.grappe).dans_le_projet().order_by()
    courent = Derogation.objects.en_vigueur(demande.au).filter(parcours__in=lus.values("pk"))
    groupes: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for d in courent.select_related("parcours__esms").order_by("au", "condition", "parcours__esms__tri", "pk"):
        groupes[d.condition, d.au, d.libelle_decision].append(str(d.parcours))
    return [(_libelle(code), quelques(noms, NOMMES), date_courte(au), par) for (code, au, par), noms in groupes.items()]


@inscrire("alertes", "Les alertes", 80)
def alertes(demande: Demande) -> list[Bloc]:
    """Ouvertes, la plus pressée d'abord ; au COMOP et au COSTRAT seulement."""
    if demande.seance is not None and demande.seance.comite.type not in TRAITENT_LES_ALERTES:
        return []
    lues = Alerte.objects.visibles_par(demande.par).filter(grappe=demande.grappe).pour_lecture()
    ouvertes = list(lues.ouvertes().order_by("echeance", "pk"))
    retards = [a for a in ouvertes if a.est_en_retard(demande.au)]
    portees = [a for a in ouvertes if a.etat == EtatAlerte.PORTEE]
    if not ouvertes:
        return []
    return [
        Chiffres(
            (
                ("Alertes ouvertes", nombre(len(ouvertes))),
                ("Délai passé", nombre(len(retards))),
                ("Portées au COSTRAT", nombre(len(portees))),
            )
        ),
        Tableau(
            "Alertes ouvertes",
            ("Alerte", "Pour", "Donnée le", "À traiter avant le", "Où elle en est"),
            tuple(_alerte(a, demande) for a in ouvertes),
        ),
    ]


def _alerte(a: Alerte, demande: Demande) -> tuple[str, ...]:
    avant = date_courte(a.echeance) + (", passé" if a.est_en_retard(demande.au) else "")
    return (a.intitule, a.pour, date_courte(timezone.localtime(a.levee_le).date()), avant, str(a.get_etat_display()))
