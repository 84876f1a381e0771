"""De recensé à la préparation : ce qu'on réunit avant de s'engager (ANAP 2, 3.3, 3.5)."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from programme.conditions.communes import (
    PARCOURS,
    A,
    B,
    L,
    au_parcours,
    directions_de,
    ecrire,
    fait,
    lien_champ,
    lien_grappe,
)
from programme.enums import (
    FRISE_GRAPPE,
    EtatGrappe,
    NatureFait,
    Role,
    TypeProjet,
)
from programme.models import Affectation, Parcours, Vague
from programme.socle.conditions import Condition, drapeau, inscrire, oui_non
from programme.socle.porte import changer_etat

_DEPUIS_MODELE_COMMUN = FRISE_GRAPPE[FRISE_GRAPPE.index(EtatGrappe.MODELE_COMMUN) :]

# --- recensé → cadrage ---------------------------------------------------------------------------------------------

# Le pré-diagnostic discuté se mesure où vivent les questionnaires : `risques/conditions.py`.


def _nommer_directeur(parcours: Parcours, par: Any) -> None:
    Affectation.objects.get_or_create(
        utilisateur=par, role=Role.DIRECTEUR, portee="esms", esms=parcours.esms, defaults={"du": timezone.localdate()}
    )


inscrire(
    Condition(
        code="directeur",
        libelle="Directeur en fonction",
        source="ANAP 2",
        modele=PARCOURS,
        transitions=("engager",),
        severite=A,
        mesure=lambda: drapeau(directions_de("esms")),
        format=oui_non("en fonction", "poste vacant"),
        lien=lambda p: reverse("programme:esms-detail", args=[p.esms.finess]),
        remplir=_nommer_directeur,
        pourquoi="C'est lui qui décide de son moment ; à défaut, un intérim ou un délégué.",
        geste="Nommer",
    )
)
fait(
    NatureFait.ANNONCE,
    "engager",
    A,
    "ANAP 2",
    "Une annonce adaptée à l'établissement, après le financement.",
)

# --- cadrage → préparation -----------------------------------------------------------------------------------------


def _avancer_grappe(parcours: Parcours, par: Any) -> None:
    grappe = parcours.grappe
    if grappe.etat == EtatGrappe.MONTAGE:
        changer_etat(grappe, "constater", par=par, vers=EtatGrappe.MODELE_COMMUN)
        return
    suite = {
        EtatGrappe.DEPOSEE: "conventionner",
        EtatGrappe.CONVENTIONNEE: "modeliser",
        EtatGrappe.CONSULTATION: "modeliser",
    }
    while grappe.etat in suite:
        changer_etat(grappe, suite[EtatGrappe(grappe.etat)], par=par, motif="sans objet ici")


def _mettre_en_vague(parcours: Parcours, par: Any) -> None:
    parcours.vague = Vague.objects.get_or_create(grappe=parcours.grappe, numero=1)[0]
    parcours.save(update_fields=["vague"])


inscrire(
    Condition(
        code="modele_commun",
        libelle="Modèle commun de la grappe bâti",
        source="règle de la grappe",
        modele=PARCOURS,
        transitions=("preparer",),
        severite=B,
        mesure=drapeau(Q(grappe__etat__in=_DEPUIS_MODELE_COMMUN)),
        format=oui_non("bâti", "pas encore bâti"),
        lien=lien_grappe,
        remplir=_avancer_grappe,
        pourquoi="On prépare à partir du paramétrage commun.",
        geste="Voir la grappe",
    )
)
inscrire(
    Condition(
        code="vague",
        libelle="Vague de déploiement choisie",
        source="ANAP 3.5",
        modele=PARCOURS,
        transitions=("preparer",),
        severite=B,
        mesure=drapeau(Q(vague__isnull=False)),
        format=oui_non("choisie", "à choisir"),
        lien=lambda objet: reverse("programme:parcours-moment", args=[au_parcours(objet).pk]),
        remplir=_mettre_en_vague,
        pourquoi="Le directeur choisit son moment ; la vague dit avec qui et avec quels moyens.",
        geste="Choisir",
    )
)
fait(
    NatureFait.CONCERTATION,
    "preparer",
    A,
    "FabLab EPNAK",
    "Date, services réunis, et ce qui a changé grâce aux équipes.",
    geste="Consigner",
)
fait(
    NatureFait.BESOINS,
    "preparer",
    A,
    "ANAP 3.3",
    "Le cahier des charges commun part de ces besoins.",
    applicable=Q(type_projet=TypeProjet.ACQUISITION)
    & ~Q(grappe__etat__in=[*_DEPUIS_MODELE_COMMUN, EtatGrappe.SUSPENDUE]),
)
inscrire(
    Condition(
        code="premier_gain",
        libelle="Premier gain visible choisi",
        source="GRADeS Occitanie, levier 8",
        modele=PARCOURS,
        transitions=("preparer",),
        severite=A,
        mesure=drapeau(~Q(premier_gain="")),
        format=oui_non("choisi", "à choisir"),
        lien=lien_champ("premier_gain"),
        remplir=ecrire(premier_gain="Agenda partagé entre l'internat et l'école"),
        pourquoi="Un bénéfice que les équipes verront dès les premières semaines.",
        geste="Choisir",
    )
)
fait(NatureFait.CSE, "preparer", L, "consultation du CSE", "Plancher légal : une date et une référence, pas de pièce.")
fait(NatureFait.AIPD, "preparer", L, "RGPD", "Plancher légal : une date et une référence, pas de pièce.")
fait(
    NatureFait.HEBERGEMENT,
    "preparer",
    L,
    "hébergement des données de santé",
    "Plancher légal : une date, une référence.",
)
