"""Une ligne de checklist à l'écran : ce qui vaut, sa saisie, l'enregistrer, dire ce qui manque."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from programme.calculs.checklist import MESURE, REGLES
from programme.enums import Niveau, StatutAction
from programme.forms.checklist import ReponseForm, jeton_de
from programme.models import Grappe, LigneChecklist
from programme.services.checklist import reponses
from programme.socle.erreurs import Refus
from programme.views.refus import reporter
from programme.views.requete import Requete
from programme.views.saisies import avertir

CORPS = "programme/fragments/checklist_corps.html"


@dataclass
class Affichee:
    """Une action telle que la page l'écrit : ce qui vaut, sa saisie, ce que le lecteur y peut."""

    ligne: LigneChecklist
    statut: str
    echeance: Any
    formulaire: ReponseForm
    url: str
    peut: bool
    reponse: Any = None
    origine: str = ""
    lue: Any = None
    lien: str = ""
    geste: str = ""
    url_niveau: str = ""
    url_commune: str = ""
    detail: str = ""
    pieces: Any = ()
    recoit_une_piece: bool = False
    refus: Refus | None = None
    enregistree: bool = False

    @property
    def mot(self) -> str:
        """Le statut, en toutes lettres."""
        return str(StatutAction(self.statut).label)

    @property
    def est_reglee(self) -> bool:
        """Vrai si plus rien n'est à faire."""
        return self.statut in REGLES

    @property
    def est_constatee(self) -> bool:
        """Vrai si Treille le sait d'ailleurs : il n'y a rien à répondre ici."""
        return self.lue is not None and self.lue.resolue.herite_de == MESURE

    @property
    def est_repliee(self) -> bool:
        """Vrai si répondre ici n'est pas le geste attendu : l'action se constate, ou la réponse vient d'ailleurs."""
        return bool(self.origine) or bool(self.lien) and self.statut == StatutAction.A_FAIRE

    @property
    def est_reformulee(self) -> bool:
        """Vrai si l'intitulé a changé depuis la réponse."""
        return self.lue is not None and self.lue.resolue.est_reformulee

    @property
    def anciennes(self) -> tuple[Any, ...]:
        """Réponses données plus haut que le niveau d'aujourd'hui, à reprendre si l'on veut."""
        return self.lue.resolue.anciennes if self.lue else ()

    @property
    def est_exception(self) -> bool:
        """Vrai si l'ESMS répond à part une action qui se répond plus haut."""
        return bool(self.lue and self.reponse and self.reponse.parcours_id and self.lue.niveau_utile != Niveau.ESMS)

    @property
    def gestes(self) -> bool:
        """Vrai s'il y a une ancienne réponse à reprendre, ou une exception à retirer."""
        return bool(self.anciennes) or self.est_exception

    @property
    def fautes(self) -> list[str]:
        """Ce qui empêche d'enregistrer, en phrases ; le motif dit la sienne à son champ."""
        formulaire = self.formulaire
        dites = [self.refus.motif] if self.refus else []
        if formulaire.is_bound:
            dites += [f for nom, fautes in formulaire.errors.items() if nom != "motif" for f in map(str, fautes)]
        return dites


def enregistrer(request: Requete, affichee: Affichee, *, grappe: Grappe, niveau: str, cible: Any) -> bool:
    """Écrit la saisie ; faux si elle est refusée, et la ligne dit alors pourquoi."""
    formulaire = affichee.formulaire
    if not formulaire.is_valid():
        return False
    valeurs, code = formulaire.valeurs(), affichee.ligne.code
    try:
        reponses.repondre(grappe=grappe, code=code, niveau=niveau, cible=cible, par=request.user, **valeurs)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        if refus.code == "concurrence":
            affichee.refus = refus
            formulaire.reprendre(jeton_de(affichee.reponse))
        else:
            reporter(refus, formulaire)
        return False
    avertir(request, formulaire)
    return True


def rendre_ligne(request: Requete, affichee: Affichee | None, *, enregistree: bool = False) -> HttpResponse:
    """La ligne seule, telle qu'elle est maintenant."""
    if affichee:
        affichee.enregistree = enregistree
    return render(request, CORPS, {"action": affichee, "aujourdhui": timezone.localdate()})


def rendre_faute(request: Requete, affichee: Affichee, retour: str) -> HttpResponse:
    """La ligne et sa faute, la saisie gardée : sur place avec script, seule sur une page sinon."""
    status = 409 if affichee.refus else 422
    contexte = {"action": affichee, "aujourdhui": timezone.localdate(), "retour": retour}
    gabarit = CORPS if request.htmx else "programme/checklist_action.html"
    return render(request, gabarit, contexte, status=status)
