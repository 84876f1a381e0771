"""Ce que toutes les lignes de la gouvernance lisent : où l'on siège, ce que l'on tient, une fois par demande."""

from dataclasses import dataclass

from django.db.models import Q

from gouvernance.enums import TRAITENT_LES_ALERTES
from gouvernance.models import Mandat
from programme.enums import Role
from programme.socle.a_faire import Demande


@dataclass(frozen=True, slots=True)
class Places:
    """`conduites` : grappes qu'elle conduit ; `sieges`, `animees` : instances où elle siège, qu'elle anime.

    `repondues` : grappes aux alertes desquelles elle répond, parce qu'elle les conduit ou y anime le COMOP, le COSTRAT.
    """

    conduites: frozenset[int]
    sieges: frozenset[int]
    animees: frozenset[int]
    repondues: frozenset[int]

    @property
    def tient(self) -> bool:
        """Vrai si elle prépare et tient des séances."""
        return bool(self.conduites or self.animees)

    @property
    def tenues(self) -> Q:
        """Séances et décisions des instances qu'elle tient."""
        return Q(comite__grappe__in=self.conduites) | Q(comite__in=self.animees)


def places_de(demande: Demande) -> Places:
    """Ses places dans les instances à cette date. Une requête."""

    def lire() -> Places:
        conduites = frozenset(demande.utilisateur.perimetre.seul(Role.CHEF_PROJET).grappes)
        tenus = Mandat.objects.en_cours(demande.au).de(demande.utilisateur).filter(comite__close_le__isnull=True)
        lus = list(tenus.order_by().values_list("comite", "anime", "comite__type", "comite__grappe"))
        animees = [(comite, type_, grappe) for comite, anime, type_, grappe in lus if anime]
        return Places(
            conduites=conduites,
            sieges=frozenset(comite for comite, *_ in lus),
            animees=frozenset(comite for comite, *_ in animees),
            repondues=conduites | {grappe for _, type_, grappe in animees if type_ in TRAITENT_LES_ALERTES},
        )

    return demande.une_fois("places", lire)
