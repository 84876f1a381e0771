"""Ce qu'on garde d'une personne : le lui montrer, l'effacer à sa demande, l'effacer quand elle est partie."""

import logging
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from formation.calculs.effectifs import GARDE_DU_NOM
from formation.models import Acquis, CompteDui, Inscription, Poste, Professionnel
from formation.permissions import NOMS_RESERVES, peut_effacer_personne
from formation.services.professionnels import est_vue
from programme.models import Utilisateur
from programme.services.controles import exiger
from programme.socle.erreurs import Refus

journal = logging.getLogger("treille.formation")

APRES_JOURS = GARDE_DU_NOM.days
LOT = 500
RIEN_A_EFFACER = "Cette personne n'a ni nom, ni matricule, ni courriel : il n'y a rien à effacer."
DEJA_EFFACEE = "Cette personne est déjà effacée : il n'en reste qu'un numéro."


def exporter(personne: Professionnel, *, par: Utilisateur) -> dict[str, Any]:
    """Tout ce que Treille garde de cette personne et que ce compte gère, en JSON simple.

    Lève `Refus` (droit) s'il n'en gère rien.
    """
    if not est_vue(personne, par):
        raise Refus("droit", NOMS_RESERVES)
    postes = Poste.objects.visibles_par(par).filter(professionnel=personne).pour_lecture().order_by("debut", "pk")
    inscriptions = Inscription.objects.visibles_par(par).filter(professionnel=personne)
    acquis = Acquis.objects.visibles_par(par).filter(professionnel=personne).select_related("module")
    comptes = CompteDui.objects.visibles_par(par).filter(professionnel=personne)
    return {
        "personne": {
            "numéro": personne.pk,
            "nom": personne.nom,
            "matricule": personne.matricule,
            "courriel professionnel": personne.courriel,
            "origine": personne.get_origine_display(),
            "organisme gestionnaire": str(personne.og),
            "connue de Treille depuis": f"{timezone.localdate(personne.cree_le):%d/%m/%Y}",
        },
        "postes": [_poste(p) for p in postes],
        "inscriptions": [_inscription(i) for i in inscriptions.select_related("session__module").order_by("pk")],
        "acquis": [_acquis(a) for a in acquis.order_by("obtenu_le", "pk")],
        "comptes du DUI": [_compte(c) for c in comptes.select_related("parcours__esms").order_by("pk")],
    }


def _jour(jour: date | None) -> str:
    return f"{jour:%d/%m/%Y}" if jour else ""


def _poste(p: Poste) -> dict[str, str]:
    return {
        "ESMS": str(p.parcours),
        "métier": str(p.metier),
        "unité": str(p.unite or ""),
        "travaille": p.get_rythme_display(),
        "entrée": _jour(p.debut),
        "sortie": _jour(p.fin),
    }


def _inscription(i: Inscription) -> dict[str, str]:
    return {
        "module": str(i.session.module),
        "jour": _jour(i.session.jour),
        "statut": i.get_statut_display(),
        "présence": i.get_pointage_display(),
    }


def _acquis(a: Acquis) -> dict[str, str]:
    return {
        "module": str(a.module),
        "formée le": _jour(a.obtenu_le),
        "valable jusqu'au": _jour(a.valable_jusqu_au),
        "par": a.get_origine_display(),
    }


def _compte(c: CompteDui) -> dict[str, str]:
    return {
        "ESMS": str(c.parcours),
        "identifiant": c.identifiant,
        "profil signalé": c.profil_signale,
        "actif": "oui" if c.est_actif else "non",
        "dernière connexion": _jour(c.derniere_connexion),
    }


def _effacer(personnes: list[int], le: date) -> int:
    """Nom, matricule, courriel, formes de recherche, identifiants de comptes : ce qui nommait n'est plus nulle part."""
    efface = Concat(Value("compte effacé n° "), Cast(F("pk"), CompteDui._meta.get_field("identifiant")))
    CompteDui.objects.filter(professionnel__in=personnes).update(identifiant=efface, professionnel=None)
    return Professionnel.objects.filter(pk__in=personnes, pseudonymise_le__isnull=True).update(
        nom="", matricule="", courriel="", recherche="", tri="", pseudonymise_le=le
    )


@transaction.atomic
def effacer(*, personne: Professionnel, par: Utilisateur) -> None:
    """Efface ce qui nomme cette personne ; ses postes, inscriptions et acquis restent, sans nom, pour les comptes.

    Lève `Refus` (droit, etat) sans rien écrire.
    """
    exiger(peut_effacer_personne(par, personne))
    relue = Professionnel.objects.select_for_update().get(pk=personne.pk)
    if relue.pseudonymise_le:
        raise Refus("etat", DEJA_EFFACEE)
    if not (relue.nom or relue.matricule or relue.courriel):
        raise Refus("etat", RIEN_A_EFFACER)
    _effacer([relue.pk], timezone.localdate())
    # Le journal technique dit qui a effacé quel numéro, jamais quel nom.
    journal.info("professionnel n° %s effacé par le compte n° %s", relue.pk, par.pk)


def limite(au: date, apres: int = APRES_JOURS) -> date:
    """Qui a fini son dernier poste avant ce jour perd son nom."""
    return au - timedelta(days=apres)


def nb_a_pseudonymiser(*, au: date, apres: int = APRES_JOURS) -> int:
    """Combien de personnes sorties portent encore un nom."""
    return Professionnel.objects.a_pseudonymiser(limite(au, apres)).count()


def pseudonymiser(*, au: date, apres: int = APRES_JOURS, temoin: Callable[[int, int], Any] = lambda f, t: None) -> int:
    """Efface le nom des personnes sorties depuis plus de `apres` jours, par lots ; rend combien.

    `temoin(fait, total)` est appelé entre deux lots, hors de toute transaction.
    """
    sorties = Professionnel.objects.a_pseudonymiser(limite(au, apres)).order_by("pk")
    faites, total = 0, sorties.count()
    while True:
        with transaction.atomic():
            lot = list(sorties.select_for_update(of=("self",)).values_list("pk", flat=True)[:LOT])
            if not lot:
                return faites
            faites += _effacer(lot, au)
        temoin(faites, total)
