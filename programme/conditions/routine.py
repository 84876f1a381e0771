"""Du service régulier à la routine (ANAP 4 et 5)."""

from typing import Any

from django.db.models import Count, Exists, F, FloatField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse

from programme.conditions.communes import PARCOURS, A, B, ecrire, fait, lien_fiche, verification
from programme.enums import (
    EtatOuverture,
    EtatParcours,
    NatureFait,
    TypeProjet,
    TypeVerification,
)
from programme.models import Ouverture, Parcours
from programme.socle.conditions import Condition, drapeau, inscrire, oui_non
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
        lien=lien_fiche,
        remplir=ecrire(type_projet=TypeProjet.MISE_EN_CONFORMITE),
        pourquoi="Seule la mise en conformité mène droit de la préparation au service régulier.",
        geste="Voir la fiche",
        applicable=Q(etat=EtatParcours.PREPARATION),
    )
)


def _part_ouverte() -> Any:
    au_perimetre = Ouverture.objects.au_perimetre().filter(unite__parcours=OuterRef("pk")).order_by()
    ouvertes = Count("pk", filter=Q(etat__in=[EtatOuverture.OUVERTE, EtatOuverture.STABILISEE]))
    part = Cast(ouvertes, FloatField()) / Cast(Count("pk"), FloatField())
    return Subquery(
        au_perimetre.values("unite__parcours").annotate(part=part).values("part")[:1], output_field=FloatField()
    )


def _ouvrir_tout(parcours: Parcours, par: Any) -> None:
    for ouverture in Ouverture.objects.filter(unite__parcours=parcours, etat=EtatOuverture.A_PREPARER):
        changer_etat(ouverture, "constater", par=par, vers=EtatOuverture.OUVERTE)


inscrire(
    Condition(
        code="unites_ouvertes",
        libelle="Unités du périmètre ouvertes",
        source="ANAP 4",
        modele=PARCOURS,
        transitions=("verifier_service",),
        severite=A,
        mesure=_part_ouverte(),
        format=lambda valeur, seuil: f"{valeur * 100:.0f} % ouvertes",
        lien=lambda p: reverse("programme:parcours-detail", args=[p.pk]) + "#ouvertures",
        remplir=_ouvrir_tout,
        pourquoi="Ce qui reste fermé reste sur l'ancien support.",
        geste="Voir les ouvertures",
        applicable=Q(Exists(Ouverture.objects.au_perimetre().filter(unite__parcours=OuterRef("pk")))),
    )
)
inscrire(
    Condition(
        code="bloquants",
        libelle="Aucun ticket bloquant sans contournement",
        source="ANAP 4",
        modele=PARCOURS,
        transitions=("verifier_service",),
        severite=B,
        mesure=-F("nb_bloquants"),
        seuil=Value(0),
        format=lambda valeur, seuil: "aucun" if valeur >= 0 else f"{-valeur:.0f} en cours",
        lien=lien_fiche,
        remplir=ecrire(nb_bloquants=0),
        pourquoi="Un blocage sans contournement renvoie l'équipe au papier.",
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
        lien=lien_fiche,
        remplir=ecrire(referent_maintenu=True),
        pourquoi="Quelqu'un répond encore aux équipes, avec du temps pour le faire.",
    )
)
fait(NatureFait.BILAN, "passer_en_routine", A, "ANAP 2", "Au regard des objectifs de départ.")
inscrire(
    Condition(
        code="usages_suivis",
        libelle="Usages suivis",
        source="ANAP 4",
        modele=PARCOURS,
        transitions=("passer_en_routine",),
        severite=A,
        mesure=drapeau(Q(usages_suivis=True)),
        format=oui_non("suivis", "non suivis"),
        lien=lien_fiche,
        remplir=ecrire(usages_suivis=True),
        pourquoi="Les cibles d'usage ne barrent jamais la routine ; on demande seulement de les suivre.",
    )
)
