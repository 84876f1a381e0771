"""Le dossier d'une séance : fait d'un geste depuis les données, figé, en tâche de fond pour une grande grappe."""

import json
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gouvernance.enums import SuitePoint
from gouvernance.models import DossierSeance, Point, Seance
from gouvernance.models.seances import A_VENIR
from gouvernance.permissions import peut_tenir_seance
from gouvernance.services.lecture_seances import provenance_de, seance_d_avant
from programme.models import Parcours, Utilisateur
from programme.services.controles import exiger
from programme.socle.chapitres import Avancer, Bloc, Chiffres, Demande, Tableau, Texte, assembler, en_dict
from programme.socle.dates import date_courte, date_longue, heure
from programme.socle.empreintes import empreinte_de
from programme.socle.erreurs import Refus
from programme.socle.models import Travail
from programme.socle.nombres import accorde, nombre
from programme.socle.travaux import lancer

GENRE = "dossier-seance"
SEUIL = 80
"""ESMS au-delà desquels il se fait en tâche de fond : en deçà, quelques secondes suffisent."""
PAS_A_VENIR = "« {} » n'est plus à préparer : son dossier reste tel qu'il était. Faites celui de la prochaine séance."


def demander(*, seance: Seance, par: Utilisateur) -> DossierSeance | Travail:
    """Fait le dossier, ou lance le travail qui le fera (le même s'il est en route). Lève `Refus` (droit, etat)."""
    exiger_a_preparer(seance, par)
    if nb_esms(seance) <= SEUIL:
        le = timezone.localtime()
        return figer(seance=seance, contenu=lire(seance, par=par, le=le), par=par, le=le)
    return en_route(seance) or lancer(
        GENRE, par=par, objet=f"Dossier de séance : {seance}"[:200], parametres={"seance": seance.pk}
    )


def figer(*, seance: Seance, contenu: dict[str, Any], par: Utilisateur, le: datetime) -> DossierSeance:
    """Garde ce qu'on vient de lire (`lire`) ; il ne changera plus. Lève `Refus` (droit, etat)."""
    exiger_a_preparer(seance, par)
    return DossierSeance.objects.create(
        seance=seance, contenu=contenu, empreinte=empreinte_de(contenu), fait_le=le, fait_par=par
    )


def exiger_a_preparer(seance: Seance, par: Utilisateur) -> None:
    """Lève `Refus` : sans le droit de tenir la séance, ou si elle n'est plus à venir."""
    exiger(peut_tenir_seance(par, seance))
    if seance.etat not in A_VENIR:
        raise Refus("etat", PAS_A_VENIR.format(seance))


def nb_esms(seance: Seance) -> int:
    """ESMS de la grappe encore dans le projet."""
    return Parcours.objects.filter(grappe=seance.comite.grappe_id).dans_le_projet().count()


def en_route(seance: Seance) -> Travail | None:
    """Le travail qui fait en ce moment le dossier de cette séance, s'il y en a un."""
    return Travail.objects.en_route().filter(genre=GENRE, parametres__seance=seance.pk).order_by("pk").first()


def travail_montre(seance: Seance, par: Utilisateur, dernier: DossierSeance | None) -> Travail | None:
    """Le sien qui tourne, ou a échoué depuis le dernier dossier ; les autres liront le dossier quand il sera fait."""
    travail = Travail.objects.filter(genre=GENRE, parametres__seance=seance.pk, par=par).order_by("pk").last()
    if travail is None or travail.tourne:
        return travail
    depasse = dernier is not None and dernier.fait_le > travail.cree_le
    return travail if travail.est_relancable and not depasse else None


def dernier_de(seance: Seance) -> DossierSeance | None:
    """Le dernier dossier fait."""
    return seance.dossiers.select_related("fait_par").first()


def est_intact(dossier: DossierSeance) -> bool:
    """Vrai si le contenu est bien celui qui fut figé."""
    return empreinte_de(dossier.contenu) == dossier.empreinte


# --- le contenu ----------------------------------------------------------------------------------------------------


def lire(seance: Seance, *, par: Utilisateur, le: datetime, avancer: Avancer | None = None) -> dict[str, Any]:
    """`{entete, chapitres}`, en JSON simple : l'ordre du jour, puis ce que chaque app a inscrit."""
    depuis = seance_d_avant(seance)
    demande = Demande(seance.comite.grappe, par, le.date(), depuis, seance)
    contenu = {
        "entete": _entete(seance, par, le, depuis),
        "chapitres": [
            en_dict("ordre_du_jour", "L'ordre du jour", _ordre_du_jour(seance)),
            *assembler(demande, avancer),
        ],
    }
    # Tel que la base le rendra : un texte paresseux ou un tuple y devient du JSON simple.
    rendu: dict[str, Any] = json.loads(json.dumps(contenu, ensure_ascii=False))
    return rendu


def _entete(seance: Seance, par: Utilisateur, le: datetime, depuis: date | None) -> dict[str, str]:
    debut = timezone.localtime(seance.debut)
    return {
        "titre": str(seance),
        "instance": str(seance.comite),
        "grappe": str(seance.comite.grappe),
        "quand": f"{date_longue(debut.date(), avec_jour=True)} à {heure(debut)}",
        "duree": accorde(seance.duree, "minute"),
        "lieu": seance.lieu or ("en visioconférence" if seance.lien else ""),
        "invites": seance.invites,
        "releve": f"Relevé du {date_longue(le.date())} à {heure(le)}",
        "par": str(par),
        "depuis": f"Séance d'avant : {date_courte(depuis)}" if depuis else "Aucune séance tenue avant celle-ci",
    }


def _ordre_du_jour(seance: Seance) -> list[Bloc]:
    retenus = seance.points.exclude(suite=SuitePoint.RETIRE).select_related("demandee_par", "reporte_de__seance")
    points = list(retenus.order_by("rang", "pk"))
    if not points:
        return [Texte("Aucun point n'est encore inscrit.")]
    minutes = sum(p.duree for p in points)
    lignes = tuple(
        (nombre(rang), p.titre, str(p.get_nature_display()), accorde(p.duree, "minute"), _d_ou(p))
        for rang, p in enumerate(points, 1)
    )
    exposes = [Texte(f"{rang}. {p.titre} : {p.expose}") for rang, p in enumerate(points, 1) if p.expose]
    return [
        Chiffres(
            (("Points", nombre(len(points))), ("Durée des points", f"{nombre(minutes)} sur {seance.duree} minutes"))
        ),
        Tableau("Points à traiter", ("N°", "Point", "Nature", "Durée", "D'où il vient"), lignes),
        *exposes,
    ]


def _d_ou(point: Point) -> str:
    return provenance_de(point) or "inscrit à la main"
