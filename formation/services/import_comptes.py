"""Ce qu'un fichier de l'éditeur change aux comptes connus d'un ESMS : le dire, puis l'écrire d'un bloc."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from formation.calculs.comptes import Signale, rapprocher
from formation.models import CompteDui, Professionnel, Profil
from formation.permissions import peut_gerer_professionnels
from formation.services.comptes import dernier_signalement, personnes_de
from programme.models import Parcours, Utilisateur
from programme.services.controles import exiger
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.imports import APERCU_PERIME
from programme.socle.texte import normaliser

GENRE = "comptes-dui"
GARDE = timedelta(days=1)
"""Le fichier déposé porte peut-être des noms : ni écrit ni confirmé, il ne reste pas plus d'un jour."""
CHAMPS = (
    "professionnel_id",
    "profil_signale",
    "profil_id",
    "est_actif",
    "est_partage",
    "cree_le",
    "derniere_connexion",
)
A_VENIR = "Un fichier ne peut pas dater de demain : corrigez la date d'extraction."
PLUS_RECENT = (
    "Un fichier plus récent, du {}, est déjà repris pour cet ESMS : celui-ci le ferait revenir en arrière. Déposez le "
    "dernier fichier de l'éditeur, ou corrigez la date."
)


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne du fichier : de quoi rapprocher, et ce qu'elle dit du compte (None : le fichier n'en dit rien)."""

    numero: int
    signale: Signale
    valeurs: dict[str, Any]


@dataclass(slots=True)
class Changement:
    """Un compte à créer ou à mettre à jour. `ecarts` : nom du champ → (avant, après)."""

    numero: int
    compte: CompteDui
    ecarts: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def est_neuf(self) -> bool:
        """Vrai si ce compte n'était pas connu."""
        return self.compte.pk is None


@dataclass(slots=True)
class Comparaison:
    """Ce que le fichier changerait, et des nombres de comptes. `ignores` : fermés, et à personne de connu."""

    changements: list[Changement]
    inchanges: int
    a_rapprocher: int
    profils_inconnus: int
    absents: int
    ignores: int


def exiger_date(parcours: Parcours, au: date) -> None:
    """Lève `Refus("champ")` si le fichier date de demain, ou d'avant le dernier repris."""
    dernier = dernier_signalement(parcours)
    motif = A_VENIR if au > timezone.localdate() else PLUS_RECENT.format(date_courte(dernier))
    if au > timezone.localdate() or (dernier and au < dernier):
        raise Refus("champ", motif, champs={"au": [motif]})


def comparer(parcours: Parcours, lignes: Iterable[Ligne], au: date) -> Comparaison:
    """Compare un fichier lu aux comptes connus, sans rien écrire. Un nombre constant de requêtes."""
    lues = list(lignes)
    connus = {c.identifiant: c for c in CompteDui.objects.filter(parcours=parcours)}
    personnes = personnes_de([parcours.pk], au).get(parcours.pk, {})
    a_qui = rapprocher([ligne.signale for ligne in lues], personnes.values())
    mots = _mots_connus(parcours, connus.values())
    changements, ignores = [], 0
    for ligne in lues:
        identifiant = ligne.signale.identifiant
        compte = connus.get(identifiant) or CompteDui(parcours=parcours, identifiant=identifiant)
        voulu = _voulu(compte, ligne, a_qui[identifiant], mots) | {"signale_le": au}
        neuf = compte.pk is None
        ecarts = {c: (None if neuf else getattr(compte, c), v) for c, v in voulu.items() if _differe(compte, c, v)}
        for champ, valeur in voulu.items():
            setattr(compte, champ, valeur)
        if neuf and _est_sans_objet(compte):
            ignores += 1
            continue
        if ecarts or neuf:
            changements.append(Changement(ligne.numero, compte, ecarts))
        connus[identifiant] = compte
    vus = {ligne.signale.identifiant for ligne in lues}
    du_fichier = [c for cle, c in connus.items() if cle in vus]
    return Comparaison(
        changements=changements,
        inchanges=len(lues) - len(changements) - ignores,
        a_rapprocher=sum(c.professionnel_id is None and not c.est_partage for c in du_fichier),
        profils_inconnus=sum(bool(c.profil_signale) and c.profil_id is None for c in du_fichier),
        absents=len(connus) - len(du_fichier),
        ignores=ignores,
    )


def _est_sans_objet(compte: CompteDui) -> bool:
    """Fermé, et à personne de connu : il n'apprend rien, et son identifiant est presque un nom."""
    return not compte.est_actif and not compte.est_partage and compte.professionnel_id is None


def _differe(compte: CompteDui, champ: str, valeur: Any) -> bool:
    return compte.pk is None or getattr(compte, champ) != valeur


def _mots_connus(parcours: Parcours, comptes: Iterable[CompteDui]) -> dict[str, int]:
    """Mot de l'éditeur → notre profil : son code, son nom, et ce qu'on a déjà dit de ce mot dans cet ESMS."""
    mots = {normaliser(c.profil_signale): c.profil_id for c in comptes if c.profil_signale and c.profil_id}
    for profil in Profil.objects.en_vigueur().filter(grappe=parcours.grappe_id):
        mots |= {normaliser(profil.nom): profil.pk, normaliser(profil.code): profil.pk}
    return mots


def _voulu(compte: CompteDui, ligne: Ligne, a_qui: int | None, mots: Mapping[str, int]) -> dict[str, Any]:
    """Ce que le compte deviendrait : ce que le fichier ne dit pas reste, un rapprochement fait à la main aussi."""
    voulu = {champ: getattr(compte, champ) for champ in CHAMPS} | ligne.valeurs
    if voulu["est_partage"]:
        voulu["professionnel_id"] = None
    elif compte.professionnel_id is None or (a_qui and ligne.signale.matricule):
        voulu["professionnel_id"] = a_qui
    if compte.profil_id is None or normaliser(voulu["profil_signale"]) != normaliser(compte.profil_signale):
        voulu["profil_id"] = mots.get(normaliser(voulu["profil_signale"]))
    return voulu


@transaction.atomic
def ecrire(*, parcours: Parcours, changements: list[Changement], au: date, par: Utilisateur) -> None:
    """Écrit tout d'un bloc. Lève `Refus` : droit ; champ (date) ; concurrence (un autre fichier vient de passer)."""
    exiger(peut_gerer_professionnels(par, parcours))
    # Sous le verrou de l'ESMS : deux fichiers au même instant se suivraient sans se voir.
    Parcours.objects.select_for_update(of=("self",)).get(pk=parcours.pk)
    exiger_date(parcours, au)
    _lacher_les_effacees([c.compte for c in changements])
    neufs = [c.compte for c in changements if c.est_neuf]
    if CompteDui.objects.filter(parcours=parcours, identifiant__in=[c.identifiant for c in neufs]).exists():
        raise Refus("concurrence", APERCU_PERIME)
    deja_la = [c.compte for c in changements if c.ecarts and not c.est_neuf]
    CompteDui.objects.bulk_create(neufs, batch_size=500)
    CompteDui.objects.bulk_update(
        deja_la,
        [champ.removesuffix("_id") for champ in CHAMPS] + ["signale_le"],
        batch_size=500,
    )


def _lacher_les_effacees(comptes: list[CompteDui]) -> None:
    """Une personne effacée depuis l'aperçu n'est plus celle d'aucun compte : son identifiant la nommerait encore.

    Sous le verrou de l'effacement : les deux se suivent.
    """
    elles = Professionnel.objects.select_for_update().filter(pk__in={c.professionnel_id for c in comptes})
    effacees = {p.pk for p in elles.order_by("pk") if p.pseudonymise_le}
    for compte in comptes:
        if compte.professionnel_id in effacees:
            compte.professionnel = None


def oublier_les_comptes_fermes() -> int:
    """Efface les comptes fermés de personnes effacées ou jamais reconnues ; rend combien.

    Un compte encore actif reste, même d'une personne effacée : c'est justement celui qu'il faut fermer.
    """
    de_personne = Q(professionnel__isnull=True, est_partage=False) | Q(professionnel__pseudonymise_le__isnull=False)
    return CompteDui.objects.filter(de_personne, est_actif=False).delete()[0]
