"""Franchir un passage : une page et une porte pour toutes les machines."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.contexte import oublier_le_compte
from programme.forms.passages import PassageForm, formulaire_de
from programme.models import Action, DemandeParametrage, Moment, Ouverture, Parcours, Proposition
from programme.socle.conditions import evaluer
from programme.socle.dates import date_courte
from programme.socle.decompte import compter
from programme.socle.erreurs import Refus
from programme.socle.machine import ModeleAEtats, champ_de, machines
from programme.socle.models import Passage
from programme.socle.nombres import accorde, liste
from programme.socle.porte import Lecture, changer_etat, lire
from programme.socle.texte import en_phrase
from programme.views import fiche
from programme.views.refus import exiger, reporter
from programme.views.requete import Requete

PROPOSABLES = ("raison", "motif", "reference", "sous")
RETOURS = ("revenir", "reprendre", "reintegrer", "rouvrir", "separer")
"""Passages qui ramènent vers un état d'avant."""


def _trouver(request: Requete, modele: str, pk: int, transition: str) -> ModeleAEtats:
    classe = machines().get(modele)
    if classe is None or transition not in classe.transitions():
        raise Http404("passage inconnu")
    objets: Any = classe._default_manager
    return get_object_or_404(objets.visibles_par(request.user), pk=pk)


def page_de(objet: ModeleAEtats) -> str:
    """Page d'un objet à états, par convention `<objet>-detail`."""
    return reverse(f"{objet._meta.app_label}:{objet._meta.model_name}-detail", args=[objet.pk])


def _vise(objet: ModeleAEtats, transition: str) -> str:
    """L'état d'arrivée, s'il ne dépend pas de la saisie."""
    cible: Any = type(objet).transitions()[transition].target
    if transition == "constater" or objet.etat not in type(objet).departs(transition):
        return ""
    return str(cible.func(objet) if hasattr(cible, "func") else cible)


def _se_defait(objet: ModeleAEtats, transition: str, vise: str) -> bool:
    """Vrai si un passage ramène de l'état visé : sinon la page ne promet pas de retour."""
    classe = type(objet)
    retours = [nom for nom in RETOURS if nom in classe.transitions()]
    if not vise:
        return bool(retours)
    return transition in RETOURS or any(vise in classe.departs(nom) for nom in retours)


def _ou(objet: ModeleAEtats) -> str:
    if isinstance(objet, Ouverture):
        return f"{objet.unite.parcours} · aujourd'hui « {objet.get_etat_display()} »"
    if isinstance(objet, Action):
        return f"{objet.cible} · aujourd'hui « {objet.get_etat_display()} »"
    if isinstance(objet, DemandeParametrage):
        return f"{objet.parcours} · aujourd'hui « {objet.get_etat_display()} »"
    return f"aujourd'hui « {objet.get_etat_display()} »"


def _proposition(objet: ModeleAEtats, transition: str) -> Proposition | None:
    if not isinstance(objet, Parcours):
        return None
    attente = objet.propositions.en_attente().filter(transition=transition)
    return attente.select_related("proposee_par").first()


def _dossier(objet: ModeleAEtats, transition: str) -> str:
    """L'adresse du dossier de feu vert, si c'est bien ce passage qu'il prépare."""
    if not isinstance(objet, Parcours) or transition != objet.prochaine:
        return ""
    return reverse("programme:parcours-feu-vert", args=[objet.pk])


def _redemande(objet: ModeleAEtats, transition: str) -> str:
    """Se déclarer prête ne demande rien ; ce qui manque pour ouvrir sera redemandé, autant le dire."""
    if not isinstance(objet, Ouverture) or transition != "preparer":
        return ""
    d = compter(evaluer(Ouverture.objects.filter(pk=objet.pk), "ouvrir")[objet.pk])
    if not d.reste:
        return ""
    barrent = d.barre + d.legal
    morceaux = [accorde(barrent, "condition qui barre,conditions qui barrent")] if barrent else []
    if d.avertit:
        verbe = "avertit" if d.avertit == 1 else "avertissent"
        morceaux.append(f"{d.avertit} qui {verbe}" if barrent else accorde(d.avertit, "condition") + f" qui {verbe}")
    une = d.reste == 1
    suite = "elle sera redemandée" if une else "elles seront redemandées"
    return f"{'Reste' if barrent < 2 else 'Restent'} {liste(morceaux)} : {suite} à l'ouverture."


def _impossible(objet: ModeleAEtats, transition: str) -> str:
    """Pourquoi il n'y a rien à décider ici : c'est déjà fait, ou ce n'est pas d'ici que l'on part."""
    dernier = Passage.objects.de(objet).last()
    depuis = f" depuis le {date_courte(dernier.date_effet)}" if dernier else ""
    ou = f"{objet} est à l'état « {objet.get_etat_display()} »{depuis}."
    deja = type(objet).transitions()[transition].target == objet.etat
    return f"C'est déjà fait : {ou}" if deja else f"Ce passage n'attend pas : {ou}"


def _contexte(objet: ModeleAEtats, lecture: Lecture, formulaire: PassageForm, refus: Refus | None) -> dict[str, Any]:
    transition = lecture.transition
    regles, vise = type(objet).transitions()[transition].custom, _vise(objet, transition)
    barrent = [o.libelle for o in lecture.obstacles] + [c.condition.libelle for c in lecture.constats if c.barre]
    return {
        "objet": objet,
        "ou": _ou(objet),
        "verbe": regles["verbe"],
        "alerte": bool(regles.get("alerte")),
        "vise": dict(champ_de(type(objet)).flatchoices).get(vise, ""),
        "consequence": objet.consequence(transition),
        "se_defait": _se_defait(objet, transition, vise),
        # Une vague retenue se change en en choisissant une autre : la dire définitive ferait hésiter pour rien.
        # De même une étape ordinaire, d'où l'on poursuit (`continue`) : rien n'y est joué.
        "definitif": not (isinstance(objet, Moment) or regles.get("continue") or _se_defait(objet, transition, vise)),
        "lecture": lecture,
        "reste": fiche.reste_de(lecture.constats, objet),
        "attend": [en_phrase(nom) for nom in barrent],
        "proposition": _proposition(objet, transition),
        "dossier": _dossier(objet, transition),
        "formulaire": formulaire,
        "refus": refus,
        "retour": page_de(objet),
        "redemande": _redemande(objet, transition),
        "impossible": "" if lecture.depart_ok or formulaire.is_bound else _impossible(objet, transition),
    }


def _annoncer(request: Requete, objet: ModeleAEtats, passage: Passage) -> None:
    # Une phrase par transition quand elle en a une : « X : de → vers » est celle des autres.
    if annonce := type(objet).transitions()[passage.transition].custom.get("annonce"):
        messages.success(request, annonce)
        return
    etats = dict(champ_de(type(objet)).flatchoices)
    nature = {"sous_reserve": ", sous réserve", "constat": ", situation constatée"}.get(passage.nature, "")
    messages.success(request, f"{objet} : {etats[passage.de]} → {etats[passage.vers]}{nature}.")


@require_http_methods(["GET", "POST"])
def passage(request: Requete, modele: str, pk: int, transition: str) -> HttpResponse:
    """Confirmer un passage (GET), le franchir (POST) : la page dit ce que la porte répondrait, mot pour mot."""
    objet = _trouver(request, modele, pk, transition)
    lecture = lire(objet, transition, par=request.user)
    exiger(lecture.droit)
    formulaire = formulaire_de(objet, transition)(request.POST or None, objet=objet, lecture=lecture)
    # Une page guidée (suite d'un événement) propose la raison et le motif ; rien n'est décidé pour autant.
    formulaire.initial.update({nom: request.GET[nom] for nom in PROPOSABLES if nom in request.GET})
    refus, status = None, 200
    if request.method == "POST" and formulaire.is_valid():
        try:
            ecrit = changer_etat(objet, transition, par=request.user, **formulaire.arguments())
        except Refus as erreur:
            refus, status = _recevoir(erreur, objet, formulaire), 409
        else:
            _annoncer(request, objet, ecrit)
            return oublier_le_compte(redirect(page_de(objet)))
    if refus is None and formulaire.errors:
        status = 422
    contexte = _contexte(objet, lecture, formulaire, refus)
    return render(request, "programme/passage_confirmer.html", contexte, status=status)


def _recevoir(erreur: Refus, objet: ModeleAEtats, formulaire: PassageForm) -> Refus | None:
    """Au champ s'il en vise un (rend None) ; sinon en tête de page, la saisie gardée sur la version relue."""
    if erreur.code == "droit":
        raise PermissionDenied(erreur.motif)
    if erreur.code == "champ":
        reporter(erreur, formulaire)
        return None
    formulaire.actualiser(objet.version)
    return erreur


def histoires_de(objets: Collection[ModeleAEtats]) -> dict[int, list[dict[str, Any]]]:
    """Les passages d'objets d'un même modèle, par clé, du plus récent au plus ancien, pour le composant journal."""
    rendu: dict[int, list[dict[str, Any]]] = {objet.pk: [] for objet in objets}
    if not rendu:
        return rendu
    modele = type(next(iter(objets)))
    etats = dict(champ_de(modele).flatchoices)
    for p in Passage.objects.de_plusieurs(modele, list(rendu)).select_related("par"):
        ligne = {
            "date": p.date_effet,
            "titre": str(etats.get(p.vers, p.vers)),
            "texte": f"{p.par} ({p.role})" + (f" : {p.motif}" if p.motif else ""),
            "nature": p.nature,
        }
        rendu[p.objet_id].insert(0, ligne)
    return rendu
