"""Les éditeurs de la démonstration : tickets, irritants, demandes et réponses, versions. Tout y est inventé."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from programme.demonstration.calendrier import jour_ouvre
from programme.demonstration.recit import franchir
from programme.enums import EtatOuverture
from programme.models import Editeur, Grappe, Module, Ouverture, Parcours, Utilisateur
from usages.enums import NatureDemandeEditeur
from usages.models import Irritant, Ticket
from usages.services.editeurs import demandes, versions
from usages.services.tickets import irritants

N = NatureDemandeEditeur
SOURCE = "Assistance de l'éditeur"
LENTEUR, IMPRESSION = "L'agenda met dix secondes à s'ouvrir le lundi", "Le projet personnalisé s'imprime sur neuf pages"


@dataclass(frozen=True)
class Dit:
    """Un ticket : il y a tant de jours, traité et fermé tant de jours plus tard (0 : pas encore)."""

    il_y_a: int
    module: str
    traite: int = 0
    ferme: int = 0
    irritant: str = ""
    bloquant: bool = False


TICKETS = (
    Dit(158, "journal-de-bord", 3, 6),
    Dit(151, "agenda", 12, 15, LENTEUR),
    Dit(144, "agenda", 9, 12, LENTEUR),
    Dit(139, "dossier-administratif", 2, 2),
    Dit(127, "soins", 6, 9),
    Dit(118, "projet-personnalise", 21, 24, IMPRESSION),
    Dit(112, "journal-de-bord", 1, 4),
    Dit(104, "agenda", 15, 18, LENTEUR),
    Dit(97, "projet-personnalise", 26, 30, IMPRESSION),
    Dit(88, "dossier-administratif", 4, 5),
    Dit(81, "journal-de-bord", 2, 3),
    Dit(73, "agenda", 18, 21, LENTEUR),
    Dit(66, "soins", 5, 8),
    Dit(58, "projet-personnalise", 31, 0, IMPRESSION),
    Dit(47, "journal-de-bord", 3, 5),
    Dit(39, "agenda", 11, 0, LENTEUR),
    Dit(31, "dossier-administratif", 6, 9),
    Dit(24, "projet-personnalise", 0, 0, IMPRESSION),
    Dit(17, "journal-de-bord", 0, 0, bloquant=True),
    Dit(9, "agenda", 0, 0, LENTEUR),
    Dit(4, "soins"),
)
"""Le bloquant a son contournement : on imprime la relève depuis un autre poste."""


def consigner_les_tickets(grappe: Grappe, parcours: Sequence[Parcours], editeur: Editeur, par: Utilisateur) -> None:
    """Les tickets de ces ESMS, à tour de rôle, et les irritants qui les rapprochent."""
    aujourdhui = timezone.localdate()
    modules = {m.code: m for m in Module.objects.all()}
    tickets = Ticket.objects.bulk_create(
        _ticket(grappe, parcours[rang % len(parcours)], editeur, modules[dit.module], dit, aujourdhui, rang)
        for rang, dit in enumerate(TICKETS)
    )
    for libelle, module in ((LENTEUR, "agenda"), (IMPRESSION, "projet-personnalise")):
        nomme = irritants.creer_irritant(
            grappe=grappe, editeur=editeur, libelle=libelle, module=modules[module], par=par
        )
        siens = [t for t, dit in zip(tickets, TICKETS, strict=True) if dit.irritant == libelle]
        irritants.rapprocher(tickets=siens, irritant=nomme, par=par)


def _ticket(
    grappe: Grappe, parcours: Parcours, editeur: Editeur, module: Module, dit: Dit, aujourdhui: date, rang: int
) -> Ticket:
    cree = jour_ouvre(aujourdhui - timedelta(days=dit.il_y_a))

    def plus_tard(jours: int) -> date | None:
        return min(cree + timedelta(days=jours), aujourdhui) if jours else None

    return Ticket(
        grappe=grappe,
        parcours=parcours,
        source=SOURCE,
        numero=f"{cree:%y}-{4100 + rang * 7}",
        editeur=editeur,
        module=module,
        cree_le=cree,
        traite_le=plus_tard(dit.traite),
        ferme_le=plus_tard(dit.ferme),
        est_bloquant=dit.bloquant,
        a_contournement=dit.bloquant,
    )


def ecrire_a_l_editeur(grappe: Grappe, editeur: Editeur, par: Utilisateur) -> None:
    """Trois demandes : une close, une répondue, une qui attend."""
    nommes = {i.libelle: i for i in Irritant.objects.filter(grappe=grappe, editeur=editeur)}
    il_y_a = _il_y_a
    close = demandes.envoyer(
        grappe=grappe,
        editeur=editeur,
        nature=N.DONNEES,
        objet="Compter les identités qualifiées sans les ressaisir",
        par=par,
        reference="DON-118",
        envoyee_le=il_y_a(124),
    )
    franchir(close, "repondre", par=par, le=il_y_a(96), motif="Un tableau par mois, envoyé le 5 par l'éditeur.")
    franchir(close, "clore", par=par, le=il_y_a(89))
    lenteur = demandes.envoyer(
        grappe=grappe,
        editeur=editeur,
        nature=N.ANOMALIE,
        objet="Agenda lent le lundi matin",
        precision="De 8 h à 9 h, dans tous les ESMS ouverts ; le reste de la semaine, deux secondes.",
        irritant=nommes.get(LENTEUR),
        par=par,
        reference="ANO-2041",
        envoyee_le=il_y_a(68),
    )
    franchir(
        lenteur, "repondre", par=par, le=il_y_a(26), motif="Corrigé dans la prochaine version, annoncée pour bientôt."
    )
    demandes.envoyer(
        grappe=grappe,
        editeur=editeur,
        nature=N.EVOLUTION,
        objet="Imprimer le projet personnalisé sur deux pages",
        precision="Les familles le signent : neuf pages, dont six de rubriques vides.",
        irritant=nommes.get(IMPRESSION),
        par=par,
        envoyee_le=il_y_a(41),
    )


def annoncer_les_versions(comptes: Mapping[str, Utilisateur], parcours: Sequence[Parcours]) -> None:
    """Une version sortie, montée presque partout ; la suivante annoncée, et prévue dans deux ESMS."""
    aujourdhui = timezone.localdate()
    solution = parcours[0].solution
    if solution is None:
        return
    sortie = versions.enregistrer_version(
        solution=solution,
        nom="5.2",
        par=comptes["admin"],
        apports="Relève de nuit d'un seul tenant ; tri des rubriques vides.",
        prevue_le=_il_y_a(110),
        sortie_le=_il_y_a(94),
    )
    versions.noter_montees(version=sortie, parcours=parcours[:-1], par=comptes["cheffe"], faite_le=_il_y_a(75))
    annoncee = versions.enregistrer_version(
        solution=solution,
        nom="5.3",
        par=comptes["admin"],
        apports="Agenda plus rapide ; impression du projet personnalisé à choisir.",
        prevue_le=aujourdhui + timedelta(days=47),
    )
    versions.noter_montees(
        version=annoncee,
        parcours=parcours[:2],
        par=comptes["cheffe"],
        prevue_le=aujourdhui + timedelta(days=61),
        note="Un mardi, hors vacances scolaires",
    )


def _il_y_a(jours: int) -> date:
    return jour_ouvre(timezone.localdate() - timedelta(days=jours))


def qui_ont_ouvert(grappe: Grappe) -> list[Parcours]:
    """Les ESMS de la grappe qui ont ouvert au moins un module."""
    ouvertes = Ouverture.objects.filter(etat__in=(EtatOuverture.OUVERTE, EtatOuverture.STABILISEE))
    siens = Parcours.objects.filter(grappe=grappe, pk__in=ouvertes.values("unite__parcours"))
    return list(siens.select_related("solution__editeur", "esms", "grappe").order_by("pk"))
