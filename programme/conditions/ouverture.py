"""De la préparation à l'ouverture de l'ESMS : pilote, VA. Les enseignements du pilote se mesurent dans les usages."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from programme.conditions.communes import (
    PARCOURS,
    A,
    B,
    ecrire,
    fait,
    lien_champ,
    lien_grappe,
    verification,
)
from programme.enums import (
    EtatParcours,
    NatureFait,
    TypeVerification,
)
from programme.models import Parcours
from programme.socle.conditions import Condition, drapeau, existe, inscrire, oui_non
from programme.socle.porte import changer_etat

# --- préparation → pilote, ouverture -------------------------------------------------------------------------------

inscrire(
    Condition(
        code="designe_pilote",
        libelle="Désigné site pilote",
        source="ANAP 3.5",
        modele=PARCOURS,
        transitions=("piloter",),
        severite=B,
        mesure=drapeau(Q(est_pilote=True)),
        format=oui_non("désigné", "non désigné"),
        lien=lien_champ("est_pilote"),
        remplir=ecrire(est_pilote=True),
        pourquoi="Le chef de projet désigne les pilotes, de typologies différentes.",
        geste="Voir la fiche",
    )
)
fait(NatureFait.PREREQUIS, "piloter", A, "ANAP 3.5", "Postes, réseau et comptes vérifiés avant d'ouvrir aux premiers.")


verification(TypeVerification.VA, "ouvrir")


def _pilotes_de_la_typologie() -> Any:
    return Parcours.objects.filter(
        grappe=OuterRef("grappe"), est_pilote=True, esms__categorie__secteur=OuterRef("esms__categorie__secteur")
    )


def _passer_un_pilote(parcours: Parcours, par: Any) -> None:
    pilote = (
        Parcours.objects.filter(
            grappe=parcours.grappe, est_pilote=True, esms__categorie__secteur=parcours.esms.categorie.secteur
        )
        .exclude(pk=parcours.pk)
        .first()
    )
    if pilote and pilote.etat == EtatParcours.RECENSE:
        changer_etat(pilote, "constater", par=par, vers=EtatParcours.OUVERTURE)


inscrire(
    Condition(
        code="pilote_passe",
        libelle="Pilote de sa typologie passé",
        source="règle de la grappe",
        modele=PARCOURS,
        transitions=("ouvrir",),
        severite=A,
        mesure=existe(
            _pilotes_de_la_typologie().filter(
                etat__in=[EtatParcours.OUVERTURE, EtatParcours.SERVICE_REGULIER, EtatParcours.ROUTINE]
            )
        ),
        format=oui_non("passé", "encore en pilote"),
        lien=lien_grappe,
        remplir=_passer_un_pilote,
        pourquoi="Les suivants profitent de ce que le pilote a réglé.",
        geste="Voir la grappe",
        applicable=Q(est_pilote=False) & Q(Exists(_pilotes_de_la_typologie())),
    )
)
