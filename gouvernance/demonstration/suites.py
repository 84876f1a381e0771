"""Ce qui se raconte une fois la grappe en place : la séance qui vient, les alertes, le journal du projet. Inventé."""

from collections.abc import Mapping
from datetime import date

from gouvernance.demonstration.gestes import Sujet, a_quatorze_heures, inscrire
from gouvernance.demonstration.instances import COMOP, COSTRAT, UTILISATEURS
from gouvernance.demonstration.recit import EXPORT
from gouvernance.enums import EtatSeance, NaturePoint, OrigineAlerte, Public
from gouvernance.models import Alerte, Entree, Instance, PageOuverte, PartageSeance, Publication, Seance
from programme.demonstration.ain_rhone.grappe import ENFANCE, NOM
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.recit import a_neuf_heures, franchir
from programme.models import Grappe, Parcours, Utilisateur

IME, MAISON = ENFANCE[0], ENFANCE[2]
DOMICILE, TRAVAUX = "380793612", "690790357"
P = Public
Alerte_ = tuple[str, str, str, str, int, int, tuple[tuple[str, int, str], ...]]


class _Ici:
    """La grappe, ses ESMS par FINESS et les comptes, relus : leur périmètre a changé depuis leur création."""

    def __init__(self, comptes: Mapping[str, Utilisateur]) -> None:
        self.grappe = Grappe.objects.get(nom=NOM)
        self.comptes = {nom: Utilisateur.objects.get(pk=compte.pk) for nom, compte in comptes.items()}
        lus = Parcours.objects.filter(grappe=self.grappe).select_related("esms__departement", "grappe")
        self.parcours = {p.esms.finess: p for p in lus}
        self.comites = {i.nom: i for i in Instance.objects.filter(grappe=self.grappe)}


def creer(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Tout ce que le présent attend de quelqu'un."""
    ici = _Ici(comptes)
    _preparer_le_comop(ici)
    _alerter(ici, calendrier)
    _raconter(ici, calendrier)
    _ouvrir_une_page(ici, calendrier)
    _partager_le_dernier_costrat(ici, calendrier)


def _preparer_le_comop(ici: _Ici) -> None:
    seance = Seance.objects.get(comite=ici.comites[COMOP], etat=EtatSeance.PREPAREE)
    inscrire(seance, Sujet("Feux verts de la vague 3", NaturePoint.ECHANGE, 25), None)
    inscrire(
        seance,
        Sujet(
            "Les mots de passe des remplaçantes",
            NaturePoint.ECHANGE,
            10,
            expose="Le week-end, personne ne sait qui les donne : le papier revient.",
        ),
        ici.comites[UTILISATEURS],
    )


# --- les alertes ---------------------------------------------------------------------------------------------------


def _alertes() -> tuple[Alerte_, ...]:
    """Compte, FINESS, intitulé, précision, il y a tant de jours, délai, puis ce qui lui est arrivé."""
    return (
        (
            "directrice",
            MAISON,
            "Le réseau n'arrive toujours pas à l'étage de l'internat",
            "Le journal de bord s'ouvre la semaine prochaine, et aucune borne n'est posée.",
            4,
            21,
            (),
        ),
        (
            "direction-domicile",
            DOMICILE,
            "Deux chantiers informatiques la même saison",
            "La télégestion change au printemps, pendant notre vague.",
            17,
            21,
            (("prendre_en_charge", 12, ""),),
        ),
        (
            "direction-residences",
            TRAVAUX,
            "Les travaux repoussent l'ouverture de six mois",
            "L'accompagnatrice ne sera plus là quand les étages rouvriront.",
            45,
            21,
            (
                ("prendre_en_charge", 43, ""),
                ("porter", 22, "Prolonger l'accompagnatrice dépasse ce que le COMOP peut décider."),
            ),
        ),
        (
            "direction-residences",
            EXPORT,
            "L'export vers la pharmacie ne part pas",
            "L'équipe ressaisit les traitements une fois par jour.",
            32,
            21,
            (
                ("prendre_en_charge", 31, ""),
                ("clore", 19, "Le COSTRAT a levé la condition jusqu'au correctif ; l'éditeur l'a promis par écrit."),
            ),
        ),
    )


def _alerter(ici: _Ici, c: Calendrier) -> None:
    for qui, finess, intitule, texte, il_y_a, delai, passages in _alertes():
        alerte = Alerte.objects.create(
            grappe=ici.grappe,
            parcours=ici.parcours[finess],
            intitule=intitule,
            texte=texte,
            origine=OrigineAlerte.ESMS,
            levee_par=ici.comptes[qui],
            levee_le=a_neuf_heures(c.jours(il_y_a)),
            echeance=c.jours(il_y_a - delai) if il_y_a > delai else c.dans_jours(delai - il_y_a),
        )
        for transition, quand, mot in passages:
            details = {"reponse": mot} if transition == "clore" else {}
            motif = "" if details else mot
            franchir(alerte, transition, par=ici.comptes["cheffe"], le=c.jours(quand), motif=motif, **details)


# --- le journal du projet ------------------------------------------------------------------------------------------


def _entrees(c: Calendrier) -> tuple[tuple[str, str, date, str, str, tuple[Public, ...]], ...]:
    """Compte, FINESS (vide : la grappe), jour, titre, texte, publics."""
    return (
        (
            "cheffe",
            "",
            c.mois(8, 12),
            "Les pilotes ont ouvert",
            "Cinq ESMS écrivent dans le même dossier, chacun à son rythme, et racontent ce qu'ils ont appris.",
            (P.INSTANCES, P.DIRECTIONS, P.EQUIPES, P.FINANCEUR, P.PERSONNES),
        ),
        (
            "cheffe",
            "",
            c.jours(32),
            "Une page affichée pour les pannes",
            "Avant d'ouvrir, chaque unité affiche ce qu'elle fait quand le dossier ne répond plus, et l'essaie.",
            (P.DIRECTIONS, P.EQUIPES),
        ),
        (
            "cheffe",
            "",
            c.jours(3),
            "Préparer la suite de l'accompagnement",
            "Les derniers ESMS ouvriront l'an prochain : qui les aidera sur place, et combien de jours ?",
            (),
        ),
        (
            "directrice",
            IME,
            c.jours(55),
            "L'agenda est partagé avec l'école",
            "L'internat et l'école lisent le même agenda. Les rendez-vous ne se recopient plus.",
            (P.EQUIPES, P.PERSONNES),
        ),
        (
            "directrice",
            IME,
            c.jours(14),
            "Chacun peut demander à lire son dossier",
            "Un professionnel le lit avec vous, à l'heure qui vous convient. Demandez à votre référent.",
            (P.PERSONNES,),
        ),
        (
            "directrice",
            MAISON,
            c.jours(9),
            "Les veilleurs de nuit se forment",
            "Deux séances d'une heure, sur leur temps de travail.",
            (P.EQUIPES,),
        ),
    )


def _raconter(ici: _Ici, c: Calendrier) -> None:
    for qui, finess, le, titre, texte, publics in _entrees(c):
        auteur = ici.comptes[qui]
        entree = Entree.objects.create(
            grappe=ici.grappe,
            parcours=ici.parcours[finess] if finess else None,
            le=le,
            titre=titre,
            texte=texte,
            auteur=auteur,
            ecrite_le=a_neuf_heures(le),
        )
        Publication.objects.bulk_create(
            Publication(entree=entree, public=public, publiee_par=auteur, publiee_le=a_neuf_heures(le))
            for public in publics
        )


def _ouvrir_une_page(ici: _Ici, c: Calendrier) -> None:
    PageOuverte.objects.create(
        grappe=ici.grappe,
        parcours=ici.parcours[IME],
        presentation=(
            "Les professionnels écrivent maintenant sur ordinateur. Cette page raconte ce que cela change pour vous."
        ),
        contact="À l'accueil, ou au conseil de la vie sociale",
        ouverte_par=ici.comptes["directrice"],
        ouverte_le=a_neuf_heures(c.jours(55)),
    )


def _partager_le_dernier_costrat(ici: _Ici, c: Calendrier) -> None:
    seance = Seance.objects.get(comite=ici.comites[COSTRAT], debut=a_quatorze_heures(c.jours(20)))
    PartageSeance.objects.create(
        seance=seance,
        du=c.jours(13),
        au=c.dans(2, 26),
        pourquoi="Expliquer le glissement des vagues 2 et 3",
        ouvert_par=ici.comptes["cheffe"],
        ouvert_le=a_neuf_heures(c.jours(13)),
    )
