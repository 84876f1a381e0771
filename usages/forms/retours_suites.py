"""Ce qu'on tire d'un retour : le formulaire de chaque objet, déjà rempli de ce qu'on peut redire.

Seul le résumé se reprend dans ce que lit toute la grappe : les mots de l'équipe restent à qui lit le retour.
"""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from formation.enums import EtatSession
from formation.models import Poste, SessionFormation
from formation.models.communs import parcours_geres
from gouvernance.forms.seances import PointForm
from gouvernance.models import Seance
from programme.forms.actions import ActionForm
from programme.forms.champs import VersionneEnEntier
from programme.models import Module, Utilisateur
from programme.services.actions import comptes_proposes
from programme.socle.champs import SaisieLibre
from risques.enums import CategorieRisque, Impact
from risques.forms.registre import RisqueForm
from usages.enums import EtatRetour, GraviteRetour, NatureDemandeEditeur, NatureSuite, ThemeRetour, VoixDite
from usages.forms.demandes_editeurs import DemandeEditeurForm
from usages.forms.retours_verbatims import choix_de_situation, choix_de_voix
from usages.models import Retour
from usages.permissions import seances_tenues
from usages.services.retours.enseignements import SANS_CONSEIL
from usages.services.retours.natures import SANS_NOM
from usages.services.retours.suites import combien

CATEGORIES: dict[str, CategorieRisque] = {
    ThemeRetour.ORGANISATION: CategorieRisque.ORGANISATIONNEL,
    ThemeRetour.FORMATION: CategorieRisque.HUMAIN,
}
IMPACTS: dict[str, Impact] = {
    GraviteRetour.MINEURE: Impact.MINEUR,
    GraviteRetour.GENANTE: Impact.MOYEN,
    GraviteRetour.BLOQUANTE: Impact.BLOQUANT,
}
ATTENTES: dict[str, NatureDemandeEditeur] = {
    ThemeRetour.PANNE: NatureDemandeEditeur.ANOMALIE,
    ThemeRetour.ERGONOMIE: NatureDemandeEditeur.EVOLUTION,
    ThemeRetour.DONNEES: NatureDemandeEditeur.DONNEES,
}
"""Ce que le retour laisse penser, et que l'on corrige."""
QUI_FORMER = "Dites qui inscrire à cette session."
QUEL_BESOIN = "Dites ce qu'il faut apprendre, ou choisissez une session."
EQUIPE = "equipe"


class DemandeDeRetourForm(DemandeEditeurForm):
    """Une demande à l'éditeur ; d'un retour pas encore qualifié, on dit aussi de quoi il s'agit."""

    theme = forms.ChoiceField(
        label="De quoi il s'agit",
        choices=[("", "Choisir…"), *ThemeRetour.choices],
        help_text="Le retour passe « en cours, chez l'éditeur » ; l'objet devient son résumé, que tous liront.",
        error_messages={"required": "Dites de quoi il s'agit."},
    )

    def __init__(self, *args: Any, retour: Retour, **kwargs: Any) -> None:
        super().__init__(*args, grappe=retour.grappe, **kwargs)
        for nom in ("irritant", "reference"):
            self.fields.pop(nom, None)
        if retour.titre or retour.etat != EtatRetour.NOUVEAU:
            del self.fields["theme"]


class PointDeRetourForm(PointForm):
    """Un point, et la séance où le porter."""

    seance = forms.ModelChoiceField(
        Seance.objects.none(),
        label="Séance",
        empty_label=None,
        error_messages={"invalid_choice": "Cette séance n'est plus à venir : choisissez-en une autre."},
    )
    field_order = ("seance", "titre", "nature", "duree", "expose")

    def __init__(self, *args: Any, seances: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["seance"]
        champ.queryset = seances


class EnseignementDeRetourForm(VersionneEnEntier):
    """Ce qu'on a appris, pour les ESMS suivants."""

    libelle = forms.CharField(
        label="Ce qu'on a appris",
        max_length=160,
        help_text="En une ligne, pour qui n'était pas là : toute la grappe le lit.",
        error_messages={"required": "Dites ce qu'on a appris."},
    )
    conseil = SaisieLibre(
        label="Ce qu'on conseille aux suivants",
        max_length=1000,
        lignes=3,
        help_text="Jamais le nom d'une personne accompagnée.",
        error_messages={"required": SANS_CONSEIL},
    )
    module = forms.ModelChoiceField(
        Module.objects.all(), label="Module", required=False, empty_label="Aucun en particulier"
    )
    a_regler = forms.BooleanField(
        label="À régler avant d'ouvrir ailleurs",
        required=False,
        help_text="Tant qu'il n'est pas clos, il se rappelle à qui veut ouvrir.",
    )


class ArrivantForm(VersionneEnEntier):
    """Qui former, et comment : une place à une session ouverte, ou le besoin noté en action."""

    session = forms.ModelChoiceField(
        SessionFormation.objects.none(),
        label="Session",
        required=False,
        empty_label="Aucune ne convient : noter le besoin",
        error_messages={"invalid_choice": "Cette session ne prend plus d'inscription : choisissez-en une autre."},
    )
    qui = forms.ChoiceField(
        label="Qui inscrire à cette session",
        required=False,
        help_text="Le retour ne le dit pas. Rien ne liera la personne au retour.",
        error_messages={"invalid_choice": "Cette personne n'est plus en poste ici : choisissez-en une autre."},
    )
    besoin = forms.CharField(
        label="Sans session : ce qu'il faut apprendre",
        max_length=100,
        required=False,
        help_text="Le besoin s'écrit en action de l'ESMS ; jamais le nom de quelqu'un.",
    )

    def __init__(self, *args: Any, retour: Retour, par: Utilisateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champs: Any = self.fields
        champs["session"].queryset = _sessions(retour, par)
        self.postes = {str(p.pk): p for p in _postes(retour)}
        champs["qui"].choices = [
            ("", "Choisir…"),
            (EQUIPE, f"{retour.unite or retour.parcours} : toutes les personnes à former"),
            *_nommes(self.postes, retour, par),
        ]
        if not champs["session"].queryset:
            del self.fields["session"], self.fields["qui"]
            champs["besoin"].label = "Ce qu'il faut apprendre"

    def clean(self) -> dict[str, Any]:
        """Une session et quelqu'un, ou un besoin."""
        lu: dict[str, Any] = super().clean() or self.cleaned_data
        if lu.get("session") and not lu.get("qui") and "qui" not in self.errors:
            self.add_error("qui", QUI_FORMER)
        elif not lu.get("session") and "session" not in self.errors and not lu.get("besoin"):
            self.add_error("besoin", QUEL_BESOIN)
        return lu

    def champs(self) -> dict[str, Any]:
        """La session, le poste (None : l'équipe), le besoin."""
        lu = super().champs()
        return {
            "session": lu.get("session"),
            "qui": self.postes.get(lu.get("qui", "")),
            "besoin": lu["besoin"],
        }


def _sessions(retour: Retour, par: Utilisateur) -> Any:
    ici = Q(parcours__isnull=True) | Q(parcours=retour.parcours_id)
    ouvertes = SessionFormation.objects.visibles_par(par).filter(ici, etat=EtatSession.OUVERTE)
    return ouvertes.filter(grappe=retour.parcours.grappe_id, debut__gte=timezone.now()).pour_lecture().order_by("debut")


def _postes(retour: Retour) -> Any:
    postes = Poste.objects.prevus(timezone.localdate()).filter(parcours=retour.parcours_id)
    return postes.pour_lecture().order_by("professionnel__tri", "pk")


def _nommes(postes: dict[str, Poste], retour: Retour, par: Utilisateur) -> list[tuple[str, str]]:
    """Par nom pour qui gère l'ESMS ; ailleurs par numéro, dans leur ordre."""
    gere = parcours_geres(par).filter(pk=retour.parcours_id).exists()
    rangs = postes.values() if gere else sorted(postes.values(), key=lambda p: p.professionnel_id)
    return [
        (str(p.pk), f"{p.professionnel if gere else p.professionnel.numero}, {str(p.metier).lower()}") for p in rangs
    ]


class VerbatimDeRetourForm(VersionneEnEntier):
    """Les mots d'une équipe, et le rôle de qui les a dits."""

    texte = SaisieLibre(
        label="Ce qui a été dit",
        max_length=1000,
        lignes=4,
        help_text="Mot pour mot, sans ce qui désignerait quelqu'un.",
        error_messages={"required": "Gardez au moins quelques mots."},
    )
    qui = forms.CharField(
        label="Qui l'a dit (un rôle)",
        max_length=80,
        help_text="« une éducatrice », jamais un nom.",
        error_messages={"required": "Dites son rôle, ou « dit sans nom »."},
    )
    voix = choix_de_voix()
    situation = choix_de_situation()


# --- lequel, rempli de quoi ----------------------------------------------------------------------------------------


def formulaire_de(nature: str, donnees: Any, *, retour: Retour, par: Utilisateur) -> VersionneEnEntier | None:
    """Le formulaire de cette nature ; None s'il n'y a pas de séance à venir où porter le point."""
    depart: dict[str, Any] = {"vu": combien(retour, nature)}
    if nature in (NatureSuite.ACTION, NatureSuite.RISQUE):
        comptes = comptes_proposes([retour.parcours], timezone.localdate())
        depart |= {"libelle": retour.titre}
        if nature == NatureSuite.ACTION:
            return ActionForm(donnees, action=None, comptes=comptes, initial=depart)
        depart |= {
            "categorie": CATEGORIES.get(retour.theme, CategorieRisque.TECHNIQUE) if retour.theme else "",
            "impact": IMPACTS[retour.gravite],
        }
        return RisqueForm(donnees, risque=None, comptes=comptes, initial=depart)
    if nature == NatureSuite.EDITEUR:
        solution = retour.parcours.solution
        depart |= {"objet": retour.titre, "module": retour.module_id, "nature": ATTENTES.get(retour.theme, "")}
        depart |= {"editeur": solution.editeur_id} if solution else {}
        return DemandeDeRetourForm(donnees, retour=retour, initial=depart)
    if nature == NatureSuite.SEANCE:
        seances = seances_tenues(par, retour)
        depart |= {"titre": retour.titre}
        return PointDeRetourForm(donnees, seances=seances, initial=depart) if seances else None
    if nature == NatureSuite.ARRIVANT:
        return ArrivantForm(donnees, retour=retour, par=par, initial=depart | {"besoin": retour.titre[:100]})
    if nature == NatureSuite.ENSEIGNEMENT:
        depart |= {"libelle": retour.titre, "module": retour.module_id}
        return EnseignementDeRetourForm(donnees, initial=depart)
    depart |= {"texte": retour.probleme[:1000], "qui": "" if retour.auteur_id else SANS_NOM}
    depart |= {"voix": VoixDite.PROFESSIONNEL} if retour.auteur_id else {}
    return VerbatimDeRetourForm(donnees, initial=depart)
