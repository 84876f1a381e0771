"""Les grilles à l'accueil : celles qu'on vous a confiées, et celles dont on vous demande une précision."""

from collections.abc import Iterator

from django.urls import reverse

from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte
from programme.socle.models import Passage
from programme.socle.nombres import accorde
from risques.enums import EtatGrille
from risques.models import Grille
from risques.services.grilles import GrilleDetaillee, detailler_ensemble


@inscrire("grilles_a_repondre")
def a_repondre(demande: Demande) -> Iterator[Ligne]:
    """À l'évaluateur : répondre, transmettre ce qui est prêt, préciser ce qu'on lui demande."""
    siennes = Grille.objects.visibles_par(demande.utilisateur).a_remplir().filter(evaluateur=demande.utilisateur)
    grilles = list(siennes.order_by("evaluation__campagne__echeance", "pk"))
    if not grilles:
        return
    motifs = _motifs([g.pk for g in grilles if g.etat == EtatGrille.PRECISION])
    for detail in detailler_ensemble(grilles).values():
        yield _ligne(detail, motifs.get(detail.grille.pk))


def _motifs(cles: list[int]) -> dict[int, str]:
    """Le motif de la dernière demande de précision, par grille."""
    if not cles:
        return {}
    passages = Passage.objects.de_plusieurs(Grille, cles).filter(transition="demander_precision")
    return dict(passages.values_list("objet_id", "motif"))


def _ligne(detail: GrilleDetaillee, motif: str | None) -> Ligne:
    grille, page = detail.grille, reverse("risques:grille-detail", args=[detail.grille.pk])
    campagne = grille.evaluation.campagne
    quoi = f"« {campagne} »"
    avant = f", avant le {date_courte(campagne.echeance)}" if campagne.echeance else ""
    reste, vers = detail.restent, page
    if motif is not None:
        titre, geste = f"Préciser vos réponses : {quoi}", "Voir ce qui est demandé"
        detail_ecrit = f"{grille.evaluation.objet} · une précision vous est demandée{avant}"
    elif reste:
        titre, geste = f"Répondre : {quoi}", "Répondre" if grille.etat == EtatGrille.A_REPONDRE else "Continuer"
        verbe = "reste" if reste == 1 else "restent"
        detail_ecrit = f"{grille.evaluation.objet} · {accorde(reste, 'question')} {verbe}{avant}"
    else:
        titre, geste, vers = f"Transmettre : {quoi}", "Relire et transmettre", f"{page}?relire=1"
        detail_ecrit = f"{grille.evaluation.objet} · tout est répondu, rien n'est encore transmis{avant}"
    return Ligne(
        titre=titre,
        detail=detail_ecrit,
        url=page,
        urgence=Urgence.REPONDRE,
        echeance=campagne.echeance,
        texte=motif or "",
        gestes=(Bouton(geste, vers),),
    )
