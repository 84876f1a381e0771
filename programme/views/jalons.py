"""Les jalons de financement : tous ceux du périmètre, et un jalon avec ses pièces et son échange."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from programme.contexte import oublier_le_compte
from programme.filters.jalons import JalonFilter
from programme.forms.financement import JalonForm
from programme.forms.pieces import PieceForm
from programme.models import Jalon
from programme.permissions import peut_conduire, peut_demander_precision
from programme.services import financement as services
from programme.services import lecture_financement as lecture
from programme.socle.listes import VueListe
from programme.socle.models import Passage
from programme.socle.versions import jeton
from programme.tables.jalons import JalonTable
from programme.views.financement import convention_a_conduire, page_de
from programme.views.pieces import garnir
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


class JalonListe(VueListe):
    """Les jalons de toutes les grappes dont le lecteur lit le financement."""

    request: Requete
    modele = Jalon
    table = JalonTable
    filtre = JalonFilter
    titre = "Jalons de financement"
    chapeau = "Ce qui est attendu, pour quand, et ce qui est versé, grappe par grappe."
    unite = "jalon"
    recherche = "Nom de la grappe"
    tri = "echeance"
    nom_fichier = "jalons-de-financement"

    def requete(self) -> QuerySet:
        """Avec la convention et la grappe de chacun."""
        return Jalon.objects.visibles_par(self.request.user).pour_lecture()

    def vide(self) -> dict[str, str]:
        """Pas encore de jalon : d'où ils viennent."""
        texte = "Un jalon naît de la convention d’une grappe, enregistrée par son chef de projet."
        geste = {"url": reverse("programme:grappe-liste"), "libelle": "Voir les grappes"}
        return {"titre": "Aucun jalon de financement", "texte": texte, "icone": "inbox"} | geste


def _jalon(request: Requete, pk: int) -> Jalon:
    visibles = Jalon.objects.visibles_par(request.user).pour_lecture()
    return get_object_or_404(visibles, pk=pk)


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Ajouter un jalon à la suite des autres."""
    convention = convention_a_conduire(request, pk)
    formulaire = JalonForm(request.POST or None, jalon=None)
    return saisir(
        request,
        formulaire,
        lambda: services.enregistrer_jalon(convention=convention, par=request.user, **formulaire.champs()),
        retour=page_de(pk) + "#jalons",
        succes=lambda jalon: f"Le jalon « {jalon} » est ajouté.",
        gabarit="programme/financement_jalon_modifier.html",
        grappe=convention.grappe,
        titre="Ajouter un jalon",
        libelle="Ajouter le jalon",
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger un jalon, tant qu'il n'est pas parti."""
    jalon = _jalon(request, pk)
    exiger(peut_conduire(request.user, jalon))
    if not jalon.est_a_la_main:
        messages.warning(request, services.DEJA_PARTI)
        return redirect("programme:jalon-detail", pk=pk)
    histoire = Jalon.history.filter(id=pk)
    formulaire = JalonForm(request.POST or None, jalon=jalon, initial={"vu": jeton(histoire)})
    return saisir(
        request,
        formulaire,
        lambda: services.enregistrer_jalon(
            convention=jalon.convention,
            jalon=jalon,
            par=request.user,
            vu=formulaire.version_vue(),
            **formulaire.champs(),
        ),
        retour=reverse("programme:jalon-detail", args=[pk]),
        succes=lambda ecrit: f"Le jalon « {ecrit} » est à jour.",
        relire=lambda: jeton(histoire),
        gabarit="programme/financement_jalon_modifier.html",
        grappe=jalon.convention.grappe,
        titre=f"Modifier « {jalon} »",
        libelle="Enregistrer le jalon",
    )


@require_http_methods(["GET", "POST"])
def detail(request: Requete, pk: int) -> HttpResponse:
    """Un jalon : où il en est, ses pièces, l'échange avec le financeur ; y joindre ou en retirer une pièce."""
    jalon = _jalon(request, pk)
    conduit = peut_conduire(request.user, jalon)
    formulaire = PieceForm()
    if request.method == "POST":
        exiger(conduit)
        fautif = garnir(
            request,
            jalon,
            joindre=lambda fichier: services.joindre_piece(jalon=jalon, fichier=fichier, par=request.user),
            retirer=lambda piece: services.retirer_piece(jalon=jalon, piece=piece, par=request.user),
        )
        if fautif is None:
            return oublier_le_compte(redirect("programme:jalon-detail", pk=pk))
        formulaire = fautif
    contexte = _contexte(request, jalon) | {"formulaire": formulaire, "conduit": bool(conduit)}
    return render(request, "programme/financement_jalon.html", contexte, status=422 if formulaire.errors else 200)


def _contexte(request: Requete, jalon: Jalon) -> dict[str, Any]:
    passages = list(Passage.objects.de(jalon).select_related("par"))
    au = timezone.localdate()
    return {
        "jalon": jalon,
        "grappe": jalon.convention.grappe,
        "ligne": lecture.en_ligne(jalon, au),
        "pieces": lecture.pieces_lisibles(request.user, jalon),
        "question": lecture.question_en_attente(jalon, passages),
        "journal": lecture.journal_de_jalon(passages),
        "demande": bool(peut_demander_precision(request.user, jalon)),
        "financeur_seul": lecture.n_y_est_que_financeur(request.user, jalon.convention.grappe),
    }
