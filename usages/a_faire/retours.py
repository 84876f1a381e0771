"""Les retours de terrain à l'accueil : à lire, à répondre, confiés à cette personne. Une ligne chacun."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q
from django.urls import reverse

from programme.a_faire.lecture import parcours_vus
from programme.enums import Role
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte
from programme.socle.nombres import accorde
from usages.enums import EtatRetour
from usages.models import Relais, Retour
from usages.models.retours import RetourQuerySet, semaine_de

LISENT = {Role.DIRECTEUR, Role.REFERENT}
NUL = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Attente:
    """Des retours qui attendent : combien, le plus ancien, les ESMS (clé, nom), l'un d'eux."""

    nombre: int
    depuis: date
    esms: tuple[tuple[int, str], ...]
    premier: int


def _lire(retours: RetourQuerySet) -> Attente | None:
    """Compte sans lire les textes : une ligne par ESMS, quel que soit le nombre de retours. Une requête."""
    par_esms = retours.order_by().values_list("parcours", "parcours__esms__nom")
    lus = list(par_esms.annotate(n=Count("pk"), le=Min("recu_le"), un=Min("pk")).order_by("le", "parcours"))
    if not lus:
        return None
    return Attente(sum(x[2] for x in lus), lus[0][3], tuple((x[0], x[1]) for x in lus), lus[0][4])


def _siens(demande: Demande) -> Q:
    """Les retours des ESMS qu'il dirige, ou dont il est référent."""
    return Q(parcours__in=[vu.parcours.pk for vu in parcours_vus(demande) if vu.roles & LISENT])


def _relayes(demande: Demande) -> Q:
    """Les retours qu'il relaie : ceux d'une unité, ou de tout un ESMS. Une requête."""
    critere = NUL
    for parcours, unite in Relais.objects.filter(compte=demande.utilisateur).values_list("parcours", "unite"):
        critere |= Q(parcours=parcours, unite=unite) if unite else Q(parcours=parcours)
    return critere


def _attente(demande: Demande, etat: str, a_lui: Q) -> Attente | None:
    """À qui traite, tous ; au chef de projet, seulement ceux dont le délai est passé. Deux requêtes au plus."""
    lus = Retour.objects.visibles_par(demande.utilisateur).filter(etat=etat)
    if conduites := demande.utilisateur.perimetre.seul(Role.CHEF_PROJET).grappes:
        tardifs = lus.filter(parcours__grappe__in=conduites).en_retard(demande.au)
        a_lui |= Q(pk__in=tardifs.order_by().values("pk"))
    return _lire(lus.filter(a_lui))


def _ligne(titre: str, attente: Attente, filtre: str, urgence: Urgence, geste: str) -> Ligne:
    """Mène au retour s'il est seul, au tableau de leur ESMS s'ils en ont un seul, sinon à la liste."""
    seul, cle = attente.nombre == 1, attente.esms[0][0]
    page = reverse("usages:retour-detail", args=[attente.premier]) if seul else ""
    if not page and len(attente.esms) == 1:
        page = reverse("usages:parcours-retours", args=[cle])
    page = page or f"{reverse('usages:retour-liste')}?{filtre}"
    ou = attente.esms[0][1] if len(attente.esms) == 1 else accorde(len(attente.esms), "ESMS,ESMS")
    depuis = f"{'' if seul else 'le plus ancien, '}semaine du {date_courte(semaine_de(attente.depuis))}"
    noms = tuple(nom for _, nom in attente.esms) if len(attente.esms) > 1 else ()
    return Ligne(titre, f"{ou}, {depuis}", page, urgence, gestes=(Bouton(geste, page),), noms=noms)


@inscrire("retours_a_lire")
def a_lire(demande: Demande) -> Iterator[Ligne]:
    """Nouveaux : à la direction, au référent, aux relais ; au chef de projet, s'ils ont passé leur délai."""
    if nouveaux := _attente(demande, EtatRetour.NOUVEAU, _siens(demande) | _relayes(demande)):
        titre = f"Lire {accorde(nouveaux.nombre, 'retour du terrain,retours du terrain')}"
        yield _ligne(titre, nouveaux, f"etat={EtatRetour.NOUVEAU}", Urgence.SUIVRE, "Lire")


@inscrire("retours_a_repondre")
def a_repondre(demande: Demande) -> Iterator[Ligne]:
    """Résolus, sans réponse publiée : l'équipe ne sait pas encore que c'est fait. Pas aux relais, qui la rapportent."""
    if resolus := _attente(demande, EtatRetour.RESOLU, _siens(demande)):
        titre = f"Répondre à {accorde(resolus.nombre, 'retour résolu,retours résolus')}"
        yield _ligne(titre, resolus, f"etat={EtatRetour.RESOLU}", Urgence.REPONDRE, "Répondre")


@inscrire("retours_confies")
def confies(demande: Demande) -> Iterator[Ligne]:
    """Ceux qu'on a confiés à cette personne, et qu'elle lit encore. Une requête."""
    lus = Retour.objects.visibles_par(demande.utilisateur).a_traiter()
    if miens := _lire(lus.filter(confie_a=demande.utilisateur)):
        titre = f"Suivre {accorde(miens.nombre, 'retour qui vous est confié,retours qui vous sont confiés')}"
        yield _ligne(titre, miens, "confie=moi", Urgence.SUIVRE, "Ouvrir")
