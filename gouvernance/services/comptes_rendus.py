"""Le compte rendu : ce qu'une séance donne à lire, puis ce qui en est figé à la diffusion."""

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from gouvernance.calculs.quorum import Quorum
from gouvernance.enums import EtatSeance, SuitePoint, TypeIssue
from gouvernance.models import CompteRendu, Issue, Seance
from gouvernance.services.courriels import ecrire, membres_joignables
from programme.models import Utilisateur
from programme.models.actions import TOUTE_LA_GRAPPE
from programme.socle.dates import date_courte, date_longue, heure
from programme.socle.empreintes import empreinte_de
from programme.socle.models import Passage
from programme.socle.nombres import accorde

FIN_DE_JOURNEE = time(18)
GENRES = {
    EtatSeance.PREPAREE: "Ordre du jour",
    EtatSeance.OUVERTE: "Projet de compte rendu",
    EtatSeance.CLOSE: "Projet de compte rendu",
    EtatSeance.DIFFUSEE: "Compte rendu",
    EtatSeance.ANNULEE: "Séance annulée",
}


# --- composer ------------------------------------------------------------------------------------------------------


def lire_compte_rendu(seance: Seance) -> dict[str, Any]:
    """Le compte rendu figé s'il est diffusé ; sinon ce qu'il serait maintenant."""
    fige = CompteRendu.objects.filter(seance=seance).first() if seance.etat == EtatSeance.DIFFUSEE else None
    return dict(fige.contenu) if fige else composer(seance)


def composer(seance: Seance) -> dict[str, Any]:
    """Tout ce que la séance donne à lire, en JSON simple ; un nombre constant de requêtes."""
    presences = seance.presences.select_related(
        *(f"mandat__{nom}" for nom in ("utilisateur", "suppleant", "og", "categorie", "departement", "esms"))
    )
    return {
        "genre": GENRES[EtatSeance(seance.etat)],
        "instance": str(seance.comite),
        "grappe": str(seance.comite.grappe),
        "titre": seance.titre,
        "date": date_longue(timezone.localdate(seance.debut), avec_jour=True),
        "heures": f"de {heure(timezone.localtime(seance.debut))} à {heure(timezone.localtime(seance.fin))}",
        "lieu": seance.lieu,
        "invites": seance.invites,
        "quorum": dire_le_quorum(seance),
        "sans_quorum": est_sans_quorum(seance),
        "presences": [
            {
                "nom": p.mandat.nom,
                "au_nom_de": p.mandat.au_nom_de,
                "statut": _dire_statut(p),
                "code": p.statut,
            }
            for p in presences.order_by("-mandat__anime", "mandat__pk")
        ],
        **_points(seance),
    }


def _dire_statut(presence: Any) -> str:
    nom = presence.mandat.nom_du_suppleant if presence.statut == "supplee" else ""
    return f"{presence.get_statut_display()}{f' par {nom}' if nom else ''}"


def est_sans_quorum(seance: Seance) -> bool:
    """Vrai si elle s'est close sans le quorum que l'instance demande : elle n'a rien arbitré."""
    return seance.quorum_atteint is False


def dire_le_quorum(seance: Seance, lu: Quorum | None = None) -> str:
    """« Quorum atteint : 4 voix sur 7 présentes, 4 demandées. » ; vide si l'instance n'en demande pas."""
    if not seance.comite.quorum or seance.se_prepare or seance.etat == EtatSeance.ANNULEE:
        return ""
    q = lu or seance.quorum()
    # Close, c'est ce qui a été figé qui vaut : un mandat corrigé depuis ne change pas le jugement.
    atteint = q.atteint if seance.quorum_atteint is None else seance.quorum_atteint
    debut = "Quorum atteint" if atteint else "Quorum non atteint, rien ne s'arbitre"
    presentes = accorde(q.presentes, "voix présente,voix présentes")
    return f"{debut} : {presentes} sur {q.voix}, {accorde(q.requis, 'demandée')}."


def _points(seance: Seance) -> dict[str, Any]:
    par_point: dict[int | None, list[dict[str, Any]]] = {}
    issues = seance.issues.select_related("decision", "action__parcours__esms", "action__responsable")
    for issue in issues.prefetch_related("decision__portees__parcours__esms").order_by("consignee_le", "pk"):
        par_point.setdefault(issue.point_id, []).append(_dire_issue(issue))
    lus = seance.points.select_related("demandee_par", "reporte_de__seance").order_by("rang", "pk")
    points = [
        {
            "rang": rang,
            "titre": p.titre,
            "nature": str(p.get_nature_display()),
            "duree": p.duree,
            "expose": p.expose,
            "demande_par": str(p.demandee_par or ""),
            "reporte_du": date_courte(timezone.localdate(p.reporte_de.seance.debut)) if p.reporte_de else "",
            "suite": str(p.get_suite_display()),
            "retire": p.suite == SuitePoint.RETIRE,
            "notes": p.notes,
            "reponse": p.reponse,
            "issues": par_point.get(p.pk, []),
        }
        for rang, p in enumerate(lus, 1)
    ]
    return {"points": points, "issues": par_point.get(None, [])}


def _dire_issue(issue: Issue) -> dict[str, Any]:
    return {
        "type": issue.type,
        "mot": str(issue.get_type_display()),
        "texte": issue.texte,
        "detail": _detail(issue),
        "tardive": f"consignée après la clôture, le {date_courte(timezone.localdate(issue.consignee_le))}"
        if issue.tardive
        else "",
    }


def _detail(issue: Issue) -> str:
    if issue.type == TypeIssue.DECISION and issue.decision:
        d = issue.decision
        noms = ", ".join(sorted(str(x.parcours) for x in d.portees.all())) or TOUTE_LA_GRAPPE
        leve = f", condition levée jusqu'au {date_courte(d.levee_au)}" if d.est_levee else ""
        return f"décision n° {d.numero}, {d.get_etat_display().lower()} : {noms}{leve}"
    if issue.type == TypeIssue.ACTION and issue.action:
        a = issue.action
        quand = f", pour le {date_courte(a.echeance)}" if a.echeance else ""
        return f"{a.pour} : {a.nom_du_responsable or 'responsable à désigner'}{quand}"
    return ""


# --- figer, envoyer ------------------------------------------------------------------------------------------------


@transaction.atomic
def figer(seance: Seance, *, passage: Passage) -> CompteRendu:
    """Fige le compte rendu, et l'annonce aux membres : le courriel porte le lien, pas le contenu.

    Un passage rejoué à une date passée (démonstration, reprise) n'écrit à personne.
    """
    par: Utilisateur = passage.par
    contenu = composer(seance)
    du_jour = passage.date_effet == timezone.localdate()
    le = timezone.now() if du_jour else timezone.make_aware(datetime.combine(passage.date_effet, FIN_DE_JOURNEE))
    comptes = membres_joignables(seance.comite, timezone.localdate()) if du_jour else []
    fige = CompteRendu.objects.create(
        seance=seance,
        contenu=contenu,
        empreinte=empreinte_de(contenu),
        diffuse_le=le,
        diffuse_par=par,
        nb_envoyes=0,
    )
    if comptes:
        transaction.on_commit(lambda: _envoyer(fige, seance, comptes))
    return fige


def _envoyer(fige: CompteRendu, seance: Seance, comptes: list[Utilisateur]) -> None:
    objet = f"Treille : compte rendu, {seance.comite}"
    partis = ecrire(objet, "mails/compte_rendu.txt", seance, comptes)
    CompteRendu.objects.filter(pk=fige.pk).update(nb_envoyes=partis)
