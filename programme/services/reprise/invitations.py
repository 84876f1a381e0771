"""Les comptes qu'une reprise a ouverts : leurs liens partent ensuite, tous d'un coup, par courriel."""

from django.db import transaction
from django.utils import timezone

from programme.enums import EtatParcours, Portee
from programme.models import Affectation, Grappe, Utilisateur
from programme.models.perimetre import AffectationQuerySet
from programme.permissions import peut_clore, peut_conduire
from programme.services.controles import exiger
from programme.services.perimetre import Adresse, renouveler


def a_inviter(grappe: Grappe, *, par: Utilisateur) -> list[tuple[Affectation, int]]:
    """Une affectation par compte jamais ouvert que `par` a nommé dans la grappe, et dont il répond partout.

    Avec le nombre de ses autres rôles dans la grappe.
    """
    lignes: AffectationQuerySet = Affectation.objects.en_cours(timezone.localdate()).visibles_par(par)
    lignes = lignes.filter(
        portee=Portee.ESMS, confie_par=par, esms__parcours__grappe=grappe, utilisateur__is_active=True
    ).exclude(esms__parcours__etat=EtatParcours.SORTI)
    lignes = lignes.exclude(utilisateur__courriel="").select_related("utilisateur", "esms__departement").distinct()
    par_compte: dict[int, tuple[Affectation, int]] = {}
    for affectation in lignes.order_by("utilisateur__nom", "pk").prefetch_related(
        "utilisateur__affectations__esms__parcours", "utilisateur__invitations"
    ):
        compte = affectation.utilisateur
        if not compte.has_usable_password() and all(peut_clore(par, a) for a in compte.affectations.all()):
            premiere, autres = par_compte.get(compte.pk, (affectation, -1))
            par_compte[compte.pk] = premiere, autres + 1
    return list(par_compte.values())


@transaction.atomic
def inviter_tous(*, grappe: Grappe, par: Utilisateur, adresse: Adresse) -> list[Utilisateur]:
    """Refait et envoie le lien de chacun ; rend les comptes invités. Lève `Refus` sans rien envoyer."""
    exiger(peut_conduire(par, grappe))
    return [
        renouveler(affectation=affectation, par=par, adresse=adresse)[0].utilisateur
        for affectation, _ in a_inviter(grappe, par=par)
    ]
