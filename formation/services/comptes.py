"""Les comptes signalés par l'éditeur : les comparer aux personnes, les rapprocher, oublier ceux qui n'existent plus."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from formation.calculs.comptes import Compte, Ecarts, Personne, ecarts
from formation.enums import EcartCompte
from formation.models import CompteDui, Poste, Professionnel, Profil
from formation.permissions import peut_gerer_professionnels
from programme.models import Parcours, Utilisateur
from programme.services.controles import exiger
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus

PARTAGE = "Ce compte est partagé : il n'est à personne. S'il ne l'est plus, le prochain fichier de l'éditeur le dira."
D_AILLEURS = "Cette personne n'a jamais eu de poste dans cet ESMS."
EFFACEE = "Cette personne est effacée : un identifiant la nommerait de nouveau. Faites fermer ce compte."
PROFIL_D_AILLEURS = "Ce profil n'est pas de la grappe."
ENCORE_SIGNALE = (
    "L'éditeur signale encore ce compte (le {}) : demandez-lui de le fermer, puis reprenez son fichier. On n'oublie "
    "qu'un compte qu'il ne signale plus."
)


@dataclass(frozen=True, slots=True)
class Lecture:
    """Les comptes d'un ESMS face aux personnes. `dernier` : le jour du dernier signalement ; None, jamais."""

    comptes: dict[int, CompteDui]
    personnes: dict[int, Personne]
    ecarts: Ecarts
    dernier: date | None

    @property
    def en_poste(self) -> int:
        """Personnes qui doivent avoir un compte."""
        return sum(p.attendue for p in self.personnes.values())

    @property
    def plus_signales(self) -> list[CompteDui]:
        """Absents du dernier fichier : rien n'en est déduit."""
        return [c for c in self.comptes.values() if self.dernier and c.signale_le < self.dernier]

    def de(self, ecart: EcartCompte) -> list[CompteDui]:
        """Les comptes de cet écart (ceux qui manquent n'en ont pas)."""
        return [self.comptes[cle] for cle in self.ecarts[ecart]] if ecart != EcartCompte.MANQUANT else []


def personnes_de(parcours: list[int], au: date) -> dict[int, dict[int, Personne]]:
    """Par ESMS, chaque personne qui y a, ou y a eu, un poste. Trois requêtes, quel que soit le nombre d'ESMS."""
    grappes = Poste.objects.filter(parcours__in=parcours).order_by().values("parcours__grappe")
    d_office = {
        (profil.grappe_id, metier.pk): profil.pk
        for profil in Profil.objects.en_vigueur().filter(grappe__in=grappes).prefetch_related("metiers")
        for metier in profil.metiers.all()
    }
    postes: dict[int, dict[int, list[Poste]]] = defaultdict(lambda: defaultdict(list))
    lus = Poste.objects.filter(parcours__in=parcours).select_related("professionnel", "parcours")
    for poste in lus.order_by("parcours", "professionnel__tri", "professionnel", "pk"):
        postes[poste.parcours_id][poste.professionnel_id].append(poste)
    return {
        cle: {personne: _personne(personne, siens, d_office, au) for personne, siens in par_personne.items()}
        for cle, par_personne in postes.items()
    }


def _personne(cle: int, postes: list[Poste], d_office: dict[tuple[int, int], int], au: date) -> Personne:
    tenus = [p for p in postes if p.est_tenu(au)]
    profils = {p.profil_id or d_office.get((p.parcours.grappe_id, p.metier_id)) for p in tenus}
    lui = postes[0].professionnel
    return Personne(
        cle=cle,
        matricule=lui.matricule.casefold(),
        nom=lui.tri,
        attendue=any(not p.est_renfort for p in tenus),
        presente=bool(tenus) or any(p.debut > au for p in postes),
        profils=frozenset(p for p in profils if p is not None),
    )


def _pur(compte: CompteDui) -> Compte:
    return Compte(compte.pk, compte.professionnel_id, compte.est_actif, compte.est_partage, compte.profil_id)


def lire(parcours: Parcours, au: date) -> Lecture:
    """Les comptes d'un ESMS et leurs écarts. Un nombre constant de requêtes."""
    comptes = {c.pk: c for c in CompteDui.objects.filter(parcours=parcours).select_related("professionnel", "profil")}
    personnes = personnes_de([parcours.pk], au).get(parcours.pk, {})
    dernier = max((c.signale_le for c in comptes.values()), default=None)
    return Lecture(comptes, personnes, ecarts(map(_pur, comptes.values()), personnes.values()), dernier)


def dernier_signalement(parcours: Parcours) -> date | None:
    """Le jour du dernier fichier repris ; None s'il n'y en a pas eu."""
    return CompteDui.objects.filter(parcours=parcours).aggregate(le=Max("signale_le"))["le"]


def pourvues(parcours: Parcours) -> dict[int, str]:
    """Les personnes qui ont un compte actif signalé, et son identifiant."""
    actifs = CompteDui.objects.actifs().filter(parcours=parcours, professionnel__isnull=False)
    return dict(actifs.order_by("-pk").values_list("professionnel_id", "identifiant"))


def sortis_actifs(au: date) -> dict[Parcours, int]:
    """Partout : les ESMS où l'éditeur signale actifs des comptes de personnes sorties, et combien. Une requête."""
    siens = Poste.objects.filter(professionnel=OuterRef("professionnel"), parcours=OuterRef("parcours"))
    partis = CompteDui.objects.actifs().filter(Exists(siens), ~Exists(siens.exclude(fin__lt=au)))
    lus = partis.select_related("parcours__grappe", "parcours__esms").order_by("parcours", "pk")
    return Counter(compte.parcours for compte in lus)


@transaction.atomic
def rapprocher_compte(
    *,
    compte: CompteDui,
    professionnel: Professionnel | None,
    profil: Profil | None,
    partout: bool = False,
    par: Utilisateur,
) -> CompteDui:
    """Dit à qui est un compte, et quel profil est le mot de l'éditeur ; `partout` : pour tous ceux qui le portent.

    Lève `Refus` : droit ; champ (compte partagé, personne ou profil d'ailleurs).
    """
    exiger(peut_gerer_professionnels(par, compte))
    compte = CompteDui.objects.select_for_update(of=("self",)).select_related("parcours").get(pk=compte.pk)
    if professionnel and compte.est_partage:
        raise Refus("champ", PARTAGE, champs={"professionnel": [PARTAGE]})
    if professionnel and not professionnel.postes.filter(parcours=compte.parcours_id).exists():
        raise Refus("champ", D_AILLEURS, champs={"professionnel": [D_AILLEURS]})
    if professionnel and professionnel.pseudonymise_le:
        raise Refus("champ", EFFACEE, champs={"professionnel": [EFFACEE]})
    if profil and profil.grappe_id != compte.parcours.grappe_id:
        raise Refus("champ", PROFIL_D_AILLEURS, champs={"profil": [PROFIL_D_AILLEURS]})
    compte.professionnel, compte.profil = professionnel, profil
    compte.save(update_fields=["professionnel", "profil"])
    if partout and compte.profil_signale:
        memes = CompteDui.objects.filter(parcours=compte.parcours_id, profil_signale=compte.profil_signale)
        memes.update(profil=profil)
    return compte


@transaction.atomic
def oublier_compte(*, compte: CompteDui, par: Utilisateur) -> None:
    """Ôte un compte que l'éditeur ne signale plus, une fois qu'on s'en est assuré. Lève `Refus` : droit, etat."""
    exiger(peut_gerer_professionnels(par, compte))
    dernier = dernier_signalement(compte.parcours)
    if dernier is None or compte.signale_le >= dernier:
        raise Refus("etat", ENCORE_SIGNALE.format(date_courte(compte.signale_le)))
    compte.delete()
