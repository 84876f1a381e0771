"""Le calendrier d'un compte : l'adresse qu'il donne à son agenda, et les séances qu'elle montre.

L'adresse porte un jeton d'usage `calendrier`. Montrée une fois, gardée hachée, elle n'ouvre que des dates et des
lieux : ni l'API, ni une page. Elle meurt quand on la révoque ou que le compte ferme.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from gouvernance.calculs.calendrier import Rendezvous, en_ics
from gouvernance.enums import EtatSeance
from gouvernance.models import Mandat, Seance
from gouvernance.models.seances import SeanceQuerySet
from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.enums import UsageJeton
from programme.socle.erreurs import Refus
from programme.socle.jetons import chercher, noter_la_lecture, tirer
from programme.socle.models import Jeton

PASSE = timedelta(days=180)
"""Un agenda garde six mois de séances passées, et toutes celles à venir."""
NOM = "Treille, mes séances"
SANS_ADRESSE = "Vous n'avez pas d'adresse de calendrier : il n'y a rien à révoquer."

Page = Callable[[Seance], str]
"""D'une séance à l'adresse complète de sa page."""


def adresse_de(utilisateur: Utilisateur) -> Jeton | None:
    """Son adresse en service, sans le jeton, qui ne se relit pas ; None s'il n'en a pas."""
    return _en_service(utilisateur).first()


def _en_service(utilisateur: Utilisateur) -> QuerySet[Jeton]:
    return Jeton.objects.filter(utilisateur=utilisateur, usage=UsageJeton.CALENDRIER, revoque_le=None)


@transaction.atomic
def creer_adresse(*, par: Utilisateur) -> str:
    """Donne une adresse neuve et rend son jeton en clair, une seule fois ; l'ancienne cesse de valoir."""
    _verrouiller(par)
    _en_service(par).update(revoque_le=timezone.now())
    return tirer(UsageJeton.CALENDRIER, par, lecture_seule=True)[1]


@transaction.atomic
def revoquer_adresse(*, par: Utilisateur) -> None:
    """L'adresse ne rend plus rien, dès maintenant. Lève `Refus` (etat) s'il n'y en a pas."""
    _verrouiller(par)
    if not _en_service(par).update(revoque_le=timezone.now()):
        raise Refus("etat", SANS_ADRESSE)


def _verrouiller(par: Utilisateur) -> None:
    """Deux clics n'ouvrent pas deux adresses."""
    Utilisateur.objects.select_for_update(of=("self",)).get(pk=par.pk)


def lire_jeton(clair: str) -> Utilisateur | None:
    """Le compte dont c'est l'adresse ; None si elle est fausse, révoquée, d'un autre usage, ou d'un compte fermé."""
    jeton = chercher(UsageJeton.CALENDRIER, clair)
    if jeton is None or jeton.revoque_le is not None or not jeton.utilisateur.is_active:
        return None
    noter_la_lecture(jeton)
    return jeton.utilisateur


def seances_de(utilisateur: Utilisateur, depuis: datetime) -> SeanceQuerySet:
    """Celles où il siège, le jour de la séance et encore aujourd'hui, et celles d'une grappe qu'il conduit.

    Administrer n'y met rien : ce serait l'agenda de tout le pays.
    """
    tenus = Mandat.objects.en_cours(timezone.localdate()).de(utilisateur).filter(comite=OuterRef("comite"))
    siege = tenus.filter(du__lte=OuterRef("jour")).filter(Q(au__isnull=True) | Q(au__gte=OuterRef("jour")))
    conduites = utilisateur.perimetre.seul(Role.CHEF_PROJET).grappes
    datees = Seance.objects.annotate(jour=TruncDate("debut")).filter(debut__gte=depuis)
    siennes = datees.filter(Q(comite__grappe__in=conduites) | Exists(siege))
    return _avec_dernier_changement(siennes).pour_lecture().order_by("debut", "pk")


def _avec_dernier_changement(seances: SeanceQuerySet) -> SeanceQuerySet:
    """Annotées de `change_le` : l'instant du dernier changement, que l'historique garde."""
    historique = Seance.history.model.objects.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    return seances.annotate(change_le=Subquery(historique.values("history_date")[:1]))


def prochaines(utilisateur: Utilisateur, nombre: int = 5) -> list[Seance]:
    """Ses prochaines séances, les plus proches d'abord : de quoi montrer ce que l'agenda recevrait."""
    a_venir = seances_de(utilisateur, timezone.now()).exclude(etat=EtatSeance.ANNULEE)
    return list(a_venir[:nombre])


def flux_de(utilisateur: Utilisateur, page: Page) -> bytes:
    """Le calendrier entier d'un compte. Une requête, plus son périmètre."""
    seances = seances_de(utilisateur, timezone.now() - PASSE)
    return en_ics([_rendezvous(s, page) for s in seances], nom=NOM, fuseau=_fuseau())


def fichier_de(seance: Seance, page: Page) -> bytes:
    """Une seule séance, à ajouter à un agenda."""
    relue = _avec_dernier_changement(Seance.objects.filter(pk=seance.pk)).pour_lecture().get()
    return en_ics([_rendezvous(relue, page)], nom=_ligne(relue.comite), fuseau=_fuseau())


def _fuseau() -> ZoneInfo:
    return ZoneInfo(timezone.get_default_timezone_name())


def _ligne(texte: object) -> str:
    """Sur une ligne : un nom écrit sur deux arrêterait l'agenda de tous les membres."""
    return " ".join(str(texte).split())


def _rendezvous(seance: Seance, page: Page) -> Rendezvous:
    quoi = f"{seance.comite} : {seance.titre}" if seance.titre else str(seance.comite)
    return Rendezvous(
        # Ni adresse du serveur, qui peut changer, ni clé seule, qu'un autre Treille porterait aussi.
        uid=f"seance-{seance.pk}-{seance.creee_le:%Y%m%dT%H%M%S}@treille",
        titre=_ligne(f"{quoi}, {seance.comite.grappe}"),
        debut=seance.debut,
        fin=seance.fin,
        version=seance.sequence,
        change_le=getattr(seance, "change_le", None) or seance.creee_le,
        page=page(seance),
        lieu=_ligne(", ".join(v for v in (seance.lieu, seance.lien) if v)),
        annulee=seance.etat == EtatSeance.ANNULEE,
    )
