"""« Chacun a son compte et s'est connecté », unité par unité : ce que disent les comptes, et qui l'a vérifié."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from formation.models import CompteDui, ConnexionVerifiee, Poste
from formation.permissions import peut_saisir_formation
from programme.models import Parcours, Unite, Utilisateur
from programme.services.controles import exiger, signer
from programme.socle.erreurs import Refus

DEJA_DITE = "C'est déjà dit pour « {} » : retirez-le d'abord s'il faut le redire."
PAS_DITE = "Ce n'est pas dit pour « {} » : rien à retirer."


@dataclass(frozen=True, slots=True)
class Etat:
    """Une unité : les personnes prévues, celles sans compte actif, celles qui ne se sont jamais connectées."""

    unite: Unite
    en_poste: int
    sans_compte: int
    jamais_connectees: int
    verifiee: ConnexionVerifiee | None

    @property
    def manquent(self) -> int:
        """À qui il manque un compte, ou une première connexion."""
        return self.sans_compte + self.jamais_connectees


def etats(parcours: Parcours, au: date) -> list[Etat]:
    """Toutes les unités de l'ESMS, dans leur ordre ; seule, une unité réunit tout l'ESMS. Quatre requêtes."""
    unites = list(parcours.unites.order_by("ordre", "nom", "pk"))
    dites = {c.unite_id: c for c in ConnexionVerifiee.objects.filter(unite__in=unites).select_related("verifiee_par")}
    par_unite: dict[int | None, set[int]] = {}
    for personne, unite in Poste.objects.prevus(au).filter(parcours=parcours).values_list("professionnel", "unite"):
        par_unite.setdefault(unites[0].pk if len(unites) == 1 else unite, set()).add(personne)
    vus: dict[int, bool] = {}
    actifs = CompteDui.objects.actifs().filter(parcours=parcours, professionnel__isnull=False)
    for personne, connexion in actifs.values_list("professionnel", "derniere_connexion"):
        vus[personne] = vus.get(personne, False) or connexion is not None
    return [_etat(unite, par_unite.get(unite.pk, set()), vus, dites.get(unite.pk)) for unite in unites]


def _etat(unite: Unite, personnes: set[int], vus: dict[int, bool], dite: ConnexionVerifiee | None) -> Etat:
    sans = sum(p not in vus for p in personnes)
    return Etat(unite, len(personnes), sans, sum(vus.get(p) is False for p in personnes), dite)


def etat_de(unite: Unite, au: date) -> Etat:
    """L'état d'une seule unité."""
    return next(e for e in etats(unite.parcours, au) if e.unite.pk == unite.pk)


@transaction.atomic
def dire(*, unite: Unite, par: Utilisateur) -> ConnexionVerifiee:
    """Consigne, aujourd'hui, que chacun a son compte dans l'unité et s'est connecté. Lève `Refus` : droit, etat."""
    exiger(peut_saisir_formation(par, unite.parcours))
    # Sous le verrou de l'unité : deux clics au même instant ne se voient pas.
    Unite.objects.select_for_update(of=("self",)).get(pk=unite.pk)
    if ConnexionVerifiee.objects.filter(unite=unite).exists():
        raise Refus("etat", DEJA_DITE.format(unite))
    dite = ConnexionVerifiee(unite=unite, verifiee_le=timezone.localdate(), verifiee_par=par)
    signer(dite, par)
    dite.save()
    return dite


@transaction.atomic
def retirer(*, unite: Unite, par: Utilisateur) -> None:
    """Retire ce qui était dit ; l'historique le garde. Lève `Refus` : droit, etat."""
    exiger(peut_saisir_formation(par, unite.parcours))
    dite = ConnexionVerifiee.objects.select_for_update().filter(unite=unite).first()
    if dite is None:
        raise Refus("etat", PAS_DITE.format(unite))
    signer(dite, par)
    dite.delete()
