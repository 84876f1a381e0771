"""Les liens de retour d'un ESMS : un par unité, un pour l'ESMS entier ; les créer, les révoquer, dire leur adresse."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from programme.models import Parcours, Unite, Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.dates import date_longue
from programme.socle.erreurs import Refus
from usages.models import LienDeRetour
from usages.permissions import peut_tenir_les_liens

AUTRE_UNITE = "Cette unité n'est pas de cet ESMS."
DEJA = "Il y a déjà un lien ouvert pour {} : imprimez-le, ou révoquez-le d'abord."
PASSEE = "Donnez un jour à venir, ou laissez vide : un lien sans date reste ouvert jusqu'à ce qu'on le révoque."
DEJA_CLOS = "Ce lien est déjà clos."
REVOQUE = "Ce lien a été fermé le {} : demandez la nouvelle affiche à votre établissement."
EXPIRE = "Ce lien était ouvert jusqu'au {} : demandez la nouvelle affiche à votre établissement."


def lien_de(jeton: str) -> LienDeRetour | None:
    """Le lien de ce jeton, clos ou non ; None s'il n'y en a pas. Une requête au plus."""
    # PostgreSQL refuse un octet nul : l'adresse forgée ferait une erreur du serveur.
    return LienDeRetour.objects.pour_lecture().filter(jeton=jeton).first() if "\x00" not in jeton else None


def fermeture(lien: LienDeRetour, au: date) -> str:
    """Pourquoi ce lien ne reçoit plus, en une phrase ; vide s'il est ouvert."""
    if lien.revoque_le is not None:
        return REVOQUE.format(date_longue(lien.revoque_le))
    return "" if lien.est_ouvert(au) else EXPIRE.format(date_longue(lien.expire_le))


def adresse_de(lien: LienDeRetour, racine: str = "") -> str:
    """L'adresse à donner, entière : celle de Treille si elle est réglée, sinon celle d'où l'on parle (`racine`)."""
    chemin = reverse("usages:retour-lien", args=[lien.jeton])
    return (settings.TREILLE_ADRESSE or racine.rstrip("/")) + chemin


@transaction.atomic
def creer_lien(
    *, parcours: Parcours, par: Utilisateur, unite: Unite | None = None, expire_le: date | None = None
) -> LienDeRetour:
    """Ouvre un lien pour une unité, ou pour l'ESMS entier. Lève `Refus` : pas le droit, un lien est déjà ouvert."""
    exiger(peut_tenir_les_liens(par, parcours))
    if unite is not None and unite.parcours_id != parcours.pk:
        raise Refus("champ", AUTRE_UNITE, champs={"unite": [AUTRE_UNITE]})
    au = timezone.localdate()
    if expire_le is not None and expire_le < au:
        raise Refus("champ", PASSEE, champs={"expire_le": [PASSEE]})
    # Sous le verrou de l'ESMS : deux clics au même instant n'ouvrent pas deux adresses.
    Parcours.objects.select_for_update(of=("self",)).get(pk=parcours.pk)
    if LienDeRetour.objects.filter(parcours=parcours, unite=unite).ouverts(au).exists():
        faute = DEJA.format(f"« {unite} »" if unite else "l'ESMS entier")
        raise Refus("champ", faute, champs={"unite": [faute]})
    lien = LienDeRetour(parcours=parcours, unite=unite, expire_le=expire_le, cree_par=par)
    valider(lien)
    lien.save()
    return lien


@transaction.atomic
def revoquer_lien(*, lien: LienDeRetour, par: Utilisateur) -> None:
    """Ferme un lien pour de bon ; ce qu'il a reçu reste. Lève `Refus` : pas le droit, déjà clos."""
    exiger(peut_tenir_les_liens(par, lien))
    au = timezone.localdate()
    if not LienDeRetour.objects.filter(pk=lien.pk).ouverts(au).update(revoque_le=au):
        raise Refus("etat", DEJA_CLOS)
    lien.revoque_le = au


@dataclass(frozen=True, slots=True)
class PlaceDeLien:
    """Une unité (ou l'ESMS entier, sans unité), son lien ouvert s'il y en a un, combien de retours il a reçus."""

    unite: Unite | None
    lien: LienDeRetour | None
    recus: int

    @property
    def nom(self) -> str:
        """Ce que le lien dessert."""
        return str(self.unite) if self.unite else "L'ESMS entier"


@dataclass(frozen=True, slots=True)
class Liens:
    """Les places d'un ESMS, l'ESMS entier d'abord ; les liens clos, le plus récent d'abord."""

    places: list[PlaceDeLien]
    clos: list[tuple[LienDeRetour, int]]


def lire_les_liens(parcours: Parcours, au: date) -> Liens:
    """Deux requêtes, quel que soit le nombre d'unités et de liens."""
    lus = list(LienDeRetour.objects.filter(parcours=parcours).pour_lecture().annotate(nb_recus=Count("retours")))
    ouverts = {lien.unite_id: lien for lien in lus if lien.est_ouvert(au)}
    unites: list[Unite | None] = [None, *parcours.unites.all()]
    places = []
    for unite in unites:
        lien = ouverts.get(unite.pk if unite else None)
        places.append(PlaceDeLien(unite, lien, lien.nb_recus if lien else 0))
    clos = [(lien, lien.nb_recus) for lien in lus if not lien.est_ouvert(au)]
    return Liens(places, sorted(clos, key=lambda c: (c[0].revoque_le or c[0].expire_le, c[0].pk), reverse=True))
