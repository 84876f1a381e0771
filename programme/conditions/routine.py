"""Du service régulier à la routine (ANAP 4 et 5)."""

from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from programme.conditions.communes import OUVERTURE, PARCOURS, A, B, ecrire, fait, lien_champ, verification
from programme.enums import (
    EtatOuverture,
    EtatParcours,
    NatureFait,
    TypeProjet,
    TypeVerification,
)
from programme.models import Affectation, Ouverture, Parcours
from programme.socle.conditions import Condition, drapeau, inscrire, oui_non, pour
from programme.socle.nombres import accorde
from programme.socle.porte import changer_etat

# --- ouverture → service régulier ----------------------------------------------------------------------------------

inscrire(
    Condition(
        code="mise_en_conformite",
        libelle="Projet de mise en conformité",
        source="règle de la grappe",
        modele=PARCOURS,
        transitions=("verifier_service",),
        severite=B,
        est_structurelle=True,
        mesure=drapeau(Q(type_projet=TypeProjet.MISE_EN_CONFORMITE)),
        format=oui_non("oui", "non"),
        lien=lien_champ("type_projet"),
        remplir=ecrire(type_projet=TypeProjet.MISE_EN_CONFORMITE),
        pourquoi="Seule la mise en conformité mène droit de la préparation au service régulier.",
        geste="Voir la fiche",
        applicable=Q(etat=EtatParcours.PREPARATION),
    )
)


def _nombre(q: Q) -> Any:
    au_perimetre = Ouverture.objects.au_perimetre().filter(unite__parcours=OuterRef("pk")).order_by()
    compte = au_perimetre.values("unite__parcours").annotate(nombre=Count("pk", filter=q)).values("nombre")[:1]
    return Subquery(compte, output_field=IntegerField())


_OUVERTES = Q(etat__in=[EtatOuverture.OUVERTE, EtatOuverture.STABILISEE])


def _decideur(parcours: Parcours, par: Any) -> Any:
    direction = Affectation.objects.en_cours(timezone.localdate()).dirigeant(parcours.esms_id).first()
    return direction.utilisateur if direction else par


def _ouvrir_tout(parcours: Parcours, par: Any) -> None:
    par = _decideur(parcours, par)
    for ouverture in Ouverture.objects.au_perimetre().filter(unite__parcours=parcours):
        # Ce qu'ouvrir demande, y compris les autres apps, que le tronc ne connaît pas.
        for condition in pour(OUVERTURE, "ouvrir"):
            condition.remplir(ouverture, par)
        for etat, geste in ((EtatOuverture.A_PREPARER, "preparer"), (EtatOuverture.PRETE, "ouvrir")):
            if ouverture.etat == etat:
                changer_etat(ouverture, geste, par=par, motif="recette")


inscrire(
    Condition(
        code="unites_ouvertes",
        libelle="Unités du périmètre ouvertes",
        source="ANAP 4",
        modele=PARCOURS,
        transitions=("verifier_service",),
        severite=A,
        mesure=_nombre(_OUVERTES),
        seuil=_nombre(Q()),
        format=lambda valeur, seuil: f"{accorde(int(valeur), 'ouverte')} sur {int(seuil)}",
        lien=lambda p: reverse("programme:parcours-detail", args=[p.pk]) + "#ouvertures",
        remplir=_ouvrir_tout,
        pourquoi="Ce qui reste fermé reste sur l'ancien support.",
        geste="Voir les ouvertures",
        applicable=Q(Exists(Ouverture.objects.au_perimetre().filter(unite__parcours=OuterRef("pk")))),
    )
)

# --- service régulier → routine ------------------------------------------------------------------------------------

verification(TypeVerification.VSR, "passer_en_routine")
fait(
    NatureFait.ARRIVANTS,
    "passer_en_routine",
    A,
    "ANAP 5",
    "La formation des arrivants entre au socle obligatoire.",
)
inscrire(
    Condition(
        code="referent_maintenu",
        libelle="Référent ou relais maintenu",
        source="ANAP 5",
        modele=PARCOURS,
        transitions=("passer_en_routine",),
        severite=A,
        mesure=drapeau(Q(referent_maintenu=True)),
        format=oui_non("maintenu", "non maintenu"),
        lien=lien_champ("referent_maintenu"),
        remplir=ecrire(referent_maintenu=True),
        pourquoi="Quelqu'un répond encore aux équipes, avec du temps pour le faire.",
    )
)
fait(NatureFait.BILAN, "passer_en_routine", A, "ANAP 2", "Au regard des objectifs de départ.")
