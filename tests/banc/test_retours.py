"""Dix mille retours dans une grappe : le tableau, la liste, un retour, ses proches ; et ce qui est en retard.

Sur SQLite, `pytest -m banc tests/banc/test_retours.py` ; sur PostgreSQL, la même commande par `config.outils.postgres`.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from random import Random
from time import process_time
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from programme.models import Utilisateur
from programme.socle.texte import normaliser
from tests.aides import connecte, nb_requetes
from tests.banc.mesures import mesurer, noter
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de, directrice_de
from tests.usages.retours.jeu_de_retours import RETOURS
from usages.enums import EtatRetour, GraviteRetour
from usages.models import Retour, Soutien
from usages.services.retours.proches import proches_de

E = EtatRetour
NB_RETOURS, NB_ESMS, NB_SOUTIENS, NB_PORTES = 10_000, 40, 5_000, 1_000
PARTS = [E.NOUVEAU] * 4 + [E.QUALIFIE] * 4 + [E.EN_COURS] * 4 + [E.RESOLU] * 2 + [E.PUBLIE] * 4 + [E.NON_RETENU] * 2


def _peupler() -> tuple[Any, list[Any]]:
    """La grappe, ses ESMS et leurs retours, écrits d'un trait : l'état ne passe pas par la porte, rien n'en est lu."""
    alea, au, grappe = Random(9), timezone.localdate(), GrappeFactory()
    parcours = [ParcoursFactory(grappe=grappe) for _ in range(NB_ESMS)]
    retours = []
    for rang in range(NB_RETOURS):
        dit = RETOURS[rang % len(RETOURS)]
        retours.append(
            Retour(
                parcours=parcours[rang % NB_ESMS],
                niveau="esms",
                # Numéroté : les textes d'un vrai terrain ne se répètent pas mot pour mot.
                probleme=f"{dit.probleme} Constaté {rang} fois.",
                amelioration=dit.amelioration,
                tri=normaliser(f"{dit.probleme} {dit.amelioration}"),
                gravite=alea.choice(GraviteRetour.values),
                recu_le=au - timedelta(days=alea.randrange(400)),
                cle=UUID(int=rang + 1),
            )
        )
    Retour.objects.bulk_create(retours, batch_size=1000)
    _repartir(alea)
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    return grappe, parcours


def _repartir(alea: Random) -> None:
    brut: Any = QuerySet(Retour)
    par_etat: dict[str, list[int]] = defaultdict(list)
    for cle in brut.order_by("pk").values_list("pk", flat=True):
        par_etat[alea.choice(PARTS)].append(cle)
    for etat, cles in par_etat.items():
        dits = {"titre": "Écran des transmissions lent", "reponse": "Fait."} if etat != E.NOUVEAU else {}
        repondu = {"repondu_le": timezone.localdate() - timedelta(days=9)} if etat in (E.PUBLIE, E.NON_RETENU) else {}
        for debut in range(0, len(cles), 500):
            brut.filter(pk__in=cles[debut : debut + 500]).update(etat=etat, **dits, **repondu)
    portes = alea.sample(par_etat[E.NOUVEAU] + par_etat[E.QUALIFIE], NB_PORTES)
    for rang, cle in enumerate(portes):
        brut.filter(pk=cle).update(etat=E.REGROUPE, porte_par=par_etat[E.EN_COURS][rang % 300])
    cles = [cle for siennes in par_etat.values() for cle in siennes]
    esms = dict(brut.values_list("pk", "parcours"))
    soutiens = [alea.choice(cles) for _ in range(NB_SOUTIENS)]
    Soutien.objects.bulk_create(
        [Soutien(retour_id=c, parcours_id=esms[c], cle=UUID(int=n + 1)) for n, c in enumerate(soutiens)],
        batch_size=1000,
    )


@pytest.mark.django_db
def test_dix_mille_retours_dans_une_grappe() -> None:
    grappe, parcours = _peupler()
    cheffe, directrice = cheffe_de(grappe), directrice_de(parcours[0])
    liste = reverse("usages:retour-liste")
    porteur = Retour.objects.filter(portes__isnull=False).order_by("pk")[0]
    for nom, qui, url in (
        ("tableau de la grappe", cheffe, reverse("usages:grappe-retours", args=[grappe.pk])),
        ("tableau d'un ESMS", directrice, reverse("usages:parcours-retours", args=[parcours[0].pk])),
        ("liste, par voix", cheffe, f"{liste}?tri=-voix"),
        ("liste, par gravité", cheffe, f"{liste}?tri=-gravite"),
        ("liste, du plus ancien", cheffe, f"{liste}?tri=semaine"),
        ("liste, en retard", cheffe, f"{liste}?retard=oui"),
        ("liste, par échéance", cheffe, f"{liste}?tri=echeance"),
        ("liste, recherche", cheffe, f"{liste}?recherche=mot+de+passe"),
        ("liste, tous états", cheffe, f"{liste}?etat=toutes"),
        ("un retour et ses voix", cheffe, reverse("usages:retour-detail", args=[porteur.pk])),
    ):
        client = connecte(qui)
        _noter(f"{nom} ({nb_requetes(client, url)} requêtes)", lambda c=client, u=url: c.get(u), maximum=100)
    _les_proches(porteur, cheffe)


def _noter(nom: str, geste: Callable[[], Any], maximum: float) -> None:
    """À l'horloge, et ce qu'en prend le processeur : une machine chargée fausse la première."""
    processeur = 1000 * mesurer(geste, montre=process_time)
    duree = 1000 * mesurer(geste)
    noter("Retours", nom, duree, repere=processeur, repere_nom="processeur", maximum=maximum)


def _les_proches(retour: Retour, par: Utilisateur) -> None:
    """À part de la page : son seuil est celui d'un fragment, que nul n'attend."""
    au = timezone.localdate()
    _noter("proches d'un retour, parmi 1 500", lambda: proches_de(retour, par, au), maximum=400)
