"""Les cinq chantiers d'un ensemble d'ESMS : leur état calculé, ce qu'on en dit de plus, ce qui reste (métier §3)."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction

from programme.chantiers import Avancee, Constat, constater, etat_calcule
from programme.enums import Chantier, EtatChantier
from programme.models import AvisChantier, Parcours, Utilisateur
from programme.permissions import peut_dire_un_chantier
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.versions import exiger_inchange, jeton

AUTRE_AVIS = "Entre-temps, {} a dit autre chose de ce chantier : relisez avant de revenir au calcul."
AU_CALCUL = "Cet état n'est plus dit à la main : il se calcule déjà."


@dataclass(frozen=True, slots=True)
class ChantierLu:
    """Un chantier d'un ESMS : `calcule` vient des constats ; `avis`, s'il y en a un, passe devant."""

    chantier: Chantier
    constats: list[Constat] = field(default_factory=list)
    avis: AvisChantier | None = None

    @property
    def nom(self) -> str:
        """Son nom à l'écran."""
        return str(self.chantier.label)

    @property
    def calcule(self) -> EtatChantier:
        """L'état que disent les faits."""
        return etat_calcule(self.constats)

    @property
    def etat(self) -> EtatChantier:
        """L'état qui vaut : celui que dit l'ESMS, sinon le calcul."""
        return EtatChantier(self.avis.etat) if self.avis else self.calcule

    @property
    def est_regle(self) -> bool:
        """Prêt, ou sans objet."""
        return self.etat in (EtatChantier.PRET, EtatChantier.SANS_OBJET)

    @property
    def reste(self) -> list[Constat]:
        """Ce qui reste à réunir."""
        return [c for c in self.constats if c.manque]

    @property
    def reunis(self) -> list[Constat]:
        """Ce qui est réuni."""
        return [c for c in self.constats if c.avancee == Avancee.FAITE]


def lire_chantiers(parcours: Collection[Parcours]) -> dict[int, list[ChantierLu]]:
    """Les cinq chantiers de chacun, par clé. `parcours` : avec `esms` et `grappe` déjà lus. Requêtes constantes."""
    constats = constater(parcours)
    lus = AvisChantier.objects.filter(parcours__in=list(constats)).select_related("par")
    avis = {(a.parcours_id, a.chantier): a for a in lus}
    return {
        cle: [ChantierLu(c, lus_ici, avis.get((cle, c))) for c, lus_ici in par_chantier.items()]
        for cle, par_chantier in constats.items()
    }


def lire_chantier(parcours: Parcours, chantier: str) -> ChantierLu:
    """Un chantier d'un ESMS."""
    return next(c for c in lire_chantiers([parcours])[parcours.pk] if c.chantier == chantier)


@transaction.atomic
def dire_etat(
    *, parcours: Parcours, chantier: str, etat: str, motif: str, par: Utilisateur, vu: int | None = None
) -> AvisChantier:
    """Dit l'état d'un chantier à la place du calcul. `vu` : jeton de l'avis lu.

    Lève `Refus` (droit, champ, concurrence).
    """
    exiger(peut_dire_un_chantier(par, parcours))
    Parcours.objects.select_for_update(of=("self",)).get(pk=parcours.pk)
    exiger_inchange(AvisChantier.history.filter(parcours=parcours, chantier=chantier), vu, ("etat", "motif"))
    avis = AvisChantier.objects.filter(parcours=parcours, chantier=chantier).first()
    avis = avis or AvisChantier(parcours=parcours, chantier=chantier)
    avis.etat, avis.motif, avis.par = etat, motif, par
    valider(avis)
    signer(avis, par)
    avis.save()
    return avis


@transaction.atomic
def revenir_au_calcul(*, parcours: Parcours, chantier: str, par: Utilisateur, vu: int | None = None) -> None:
    """Retire ce qu'on avait dit : l'état redevient celui du calcul. `vu` : jeton de l'avis lu.

    Lève `Refus` (droit, concurrence).
    """
    exiger(peut_dire_un_chantier(par, parcours))
    avis = AvisChantier.objects.select_for_update(of=("self",)).filter(parcours=parcours, chantier=chantier).first()
    if avis is None:
        raise Refus("concurrence", AU_CALCUL)
    if vu is not None and jeton(AvisChantier.history.filter(id=avis.pk)) != vu:
        raise Refus("concurrence", AUTRE_AVIS.format(avis.par))
    signer(avis, par)
    avis.delete()
