"""La charge de l'aide : retours reçus et tickets créés par semaine, face à ceux qui peuvent y répondre.

On compte des comptes, jamais ce que chacun a traité : cela dit s'il faut du renfort, pas qui travaille.
"""

from datetime import date
from typing import Any

from django.db.models import Count, Q

from programme.enums import Role
from programme.models import Affectation, Grappe, Parcours, Utilisateur
from usages.calculs.retours import SEMAINE, Charge, juger, lundis, par_semaine
from usages.models import Relais, Retour, Ticket

DE_L_ESMS = (Role.DIRECTEUR, Role.REFERENT)
DE_LA_GRAPPE = (Role.CHEF_PROJET, Role.APPUI)


def charge_d_esms(parcours: Parcours, par: Utilisateur, au: date) -> Charge:
    """Celle d'un ESMS : ses relais, sa direction, son référent. Trois requêtes."""
    return _charge(Parcours.objects.filter(pk=parcours.pk), Q(parcours=parcours), par, au)


def charge_de_grappe(grappe: Grappe, par: Utilisateur, au: date) -> Charge:
    """Celle de ce que le lecteur voit de la grappe ; le chef de projet et l'appui y répondent aussi. Trois requêtes."""
    siens = Parcours.objects.lisibles_par(par).dans_le_projet().filter(grappe=grappe)
    return _charge(siens, Q(parcours__in=siens.order_by().values("pk")) | _sans_esms(grappe), par, au, grappe)


def _sans_esms(grappe: Grappe) -> Q:
    return Q(parcours__isnull=True, grappe=grappe)


def _charge(parcours: Any, tickets: Q, par: Utilisateur, au: date, grappe: Grappe | None = None) -> Charge:
    debuts = lundis(au)
    bornes = (debuts[0], debuts[-1] + SEMAINE)
    cles = parcours.order_by().values("pk")
    recus = Retour.objects.visibles_par(par).filter(parcours__in=cles)
    crees = Ticket.objects.visibles_par(par).filter(tickets)
    semaines = par_semaine(debuts, _par_jour(recus, "recu_le", bornes), _par_jour(crees, "cree_le", bornes))
    return juger(semaines, _repondent(parcours, grappe, au).count())


def _par_jour(lignes: Any, champ: str, bornes: tuple[date, date]) -> dict[date, int]:
    """Combien par jour, du premier lundi au dernier dimanche. Une requête."""
    dedans = lignes.filter(**{f"{champ}__gte": bornes[0], f"{champ}__lt": bornes[1]}).order_by()
    return dict(dedans.values_list(champ).annotate(n=Count("pk")))


def _repondent(parcours: Any, grappe: Grappe | None, au: date) -> Any:
    """Les comptes ouverts : relais, direction, référent ; pour une grappe, son chef de projet et son appui."""
    esms = parcours.order_by().values("esms")
    tenues: Any = Affectation.objects.en_cours(au)
    ici = tenues.filter(Q(esms__in=esms) | Q(groupe__esms__in=esms), role__in=DE_L_ESMS)
    relais = Relais.objects.filter(parcours__in=parcours.order_by().values("pk")).order_by()
    comptes = Q(pk__in=ici.order_by().values("utilisateur")) | Q(pk__in=relais.values("compte"))
    if grappe is not None:
        conduite = tenues.filter(grappe=grappe, role__in=DE_LA_GRAPPE).order_by()
        comptes |= Q(pk__in=conduite.values("utilisateur"))
    return Utilisateur.objects.filter(comptes, is_active=True)
