"""Ce que partagent les conditions du tronc : faits datés, recettes, liens."""

from collections.abc import Callable
from typing import Any

from django.db.models import Case, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from programme.enums import IssueVerification, NatureFait, TypeProjet, TypeVerification
from programme.models import Affectation, Fait, Ouverture, Parcours, Verification
from programme.socle.conditions import Condition, existe, inscrire, oui_non
from programme.socle.enums import Severite

PARCOURS = "programme.parcours"
OUVERTURE = "programme.ouverture"
A, B, L = Severite.AVERTIT, Severite.BARRE, Severite.LEGALE


def au_parcours(objet: Any) -> Parcours:
    """Le parcours d'un objet, que la condition porte sur lui ou sur une ouverture."""
    return objet.unite.parcours if isinstance(objet, Ouverture) else objet


def lien_fait(nature: str) -> Callable[[Any], str]:
    """Lien vers la saisie de ce fait daté."""
    return lambda objet: reverse("programme:parcours-fait", args=[au_parcours(objet).pk, nature])


def lien_fiche(objet: Any) -> str:
    """Lien vers la fiche du parcours."""
    return reverse("programme:parcours-modifier", args=[au_parcours(objet).pk])


def lien_champ(champ: str) -> Callable[[Any], str]:
    """Lien vers ce champ de la fiche du parcours."""
    return lambda objet: f"{lien_fiche(objet)}#id_{champ}"


def lien_grappe(objet: Any) -> str:
    """Lien vers la grappe."""
    return reverse("programme:grappe-detail", args=[au_parcours(objet).grappe_id])


def ecrire(**valeurs: Any) -> Callable[[Any, Any], None]:
    """Recette : écrit ces champs du parcours."""

    def remplir(objet: Any, par: Any) -> None:
        parcours = au_parcours(objet)
        for nom, valeur in valeurs.items():
            setattr(parcours, nom, valeur)
        parcours.save(update_fields=list(valeurs))

    return remplir


def dater(nature: str) -> Callable[[Any, Any], None]:
    """Recette : écrit le fait daté d'aujourd'hui."""

    def remplir(objet: Any, par: Any) -> None:
        Fait.objects.get_or_create(
            parcours=au_parcours(objet),
            nature=nature,
            defaults={"date": timezone.localdate(), "saisi_par": par},
        )

    return remplir


def fait(
    nature: NatureFait,
    transition: str,
    severite: Severite,
    source: str,
    pourquoi: str,
    *,
    modele: str = PARCOURS,
    applicable: Q | None = None,
    geste: str = "Donner la date",
) -> None:
    """Inscrit la condition « ce fait a une date »."""
    cle = "pk" if modele == PARCOURS else "unite__parcours"
    inscrire(
        Condition(
            code=nature.value,
            libelle=nature.label,
            source=source,
            modele=modele,
            transitions=(transition,),
            severite=severite,
            mesure=existe(Fait.objects.filter(parcours=OuterRef(cle), nature=nature)),
            format=oui_non("date donnée", "date absente"),
            lien=lien_fait(nature),
            remplir=dater(nature),
            pourquoi=pourquoi,
            geste=geste,
            applicable=applicable,
        )
    )


def directions_de(chemin_esms: str) -> Q:
    """L'ESMS de la ligne a une direction en cours ; `chemin_esms` : vers sa clé."""
    return Affectation.objects.en_cours(timezone.localdate()).dirige(chemin_esms)


def _acquise(type_verification: str) -> Case:
    lignes = Verification.objects.acquises(type_verification).filter(
        Q(og__isnull=True, parcours__isnull=True) | Q(og=OuterRef("esms__og")) | Q(parcours=OuterRef("pk")),
        grappe=OuterRef("grappe"),
    )
    return existe(lignes)


def _prononcer(type_verification: str) -> Callable[[Any, Any], None]:
    def remplir(parcours: Parcours, par: Any) -> None:
        Verification.objects.get_or_create(
            grappe=parcours.grappe,
            type=type_verification,
            defaults={"prononcee_le": timezone.localdate(), "issue": IssueVerification.PRONONCEE},
        )

    return remplir


def verification(type_verification: TypeVerification, transition: str) -> None:
    """Inscrit « VA prononcée » ou « VSR prononcée » : en acquisition, au marché, au lot ou à l'ESMS."""
    inscrire(
        Condition(
            code=type_verification.value,
            libelle=f"{type_verification.label} prononcée",
            source="marché",
            modele=PARCOURS,
            transitions=(transition,),
            severite=B,
            mesure=_acquise(type_verification),
            format=oui_non("prononcée", "pas encore prononcée"),
            lien=lien_grappe,
            remplir=_prononcer(type_verification),
            pourquoi="En acquisition seulement ; la date de la grappe est celle du dernier ESMS.",
            geste="Voir la grappe",
            applicable=Q(type_projet=TypeProjet.ACQUISITION),
        )
    )
