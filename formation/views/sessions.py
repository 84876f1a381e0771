"""Les sessions de formation : la liste, une session selon ce que le lecteur y fait, la planifier, la corriger."""

from typing import Any

from django.contrib import messages
from django.db.models import BooleanField, Case, DateTimeField, F, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from formation.filters.sessions import SessionFormationFilter
from formation.forms.sessions import SessionForm
from formation.models import SessionFormation
from formation.permissions import parcours_saisis, peut_inscrire, peut_lire_formation, peut_organiser
from formation.services import sessions as services
from formation.services.lecture_sessions import qui_vient
from formation.services.noms import Noms
from formation.tables.sessions import SessionFormationTable
from programme.enums import Role
from programme.models import Grappe, Parcours
from programme.models.actions import TOUTE_LA_GRAPPE
from programme.services.journal import passages_en_journal
from programme.socle.listes import VueListe
from programme.socle.nombres import accorde
from programme.socle.versions import jeton
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

LISTE, DETAIL = "formation:sessionformation-liste", "formation:sessionformation-detail"


class SessionFormationListe(VueListe):
    """Les sessions que voit le lecteur : à venir d'abord, la plus proche en tête."""

    request: Requete
    modele = SessionFormation
    table = SessionFormationTable
    filtre = SessionFormationFilter
    gabarit = "formation/session_liste.html"
    titre = "Sessions de formation"
    chapeau = "Celles de vos ESMS, et celles de toute votre grappe."
    unite = "session"
    tri = "session"
    nom_fichier = "sessions-formation"
    redites = {"grappe": ("grappe",), "module": ("module",)}

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne, et ses places."""
        maintenant = timezone.now()
        venir = When(debut__gte=maintenant, then=F("debut"))
        lues = SessionFormation.objects.visibles_par(self.request.user).pour_lecture().avec_rang_etat().avec_places()
        return lues.annotate(
            est_passee=Case(
                When(debut__gte=maintenant, then=Value(False)), default=Value(True), output_field=BooleanField()
            ),
            debut_a_venir=Case(venir, default=Value(maintenant), output_field=DateTimeField()),
            nom_pour=Coalesce(F("parcours__esms__nom"), Value(TOUTE_LA_GRAPPE)),
        )

    def vide(self) -> dict[str, str]:
        """Aucune session : d'où elles viennent."""
        rendu = {
            "titre": "Aucune session à venir ni passée",
            "texte": "Une session se planifie depuis la page d'une grappe, ou d'un ESMS pour lui seul.",
            "icone": "calendar-days",
        }
        if url := ou_planifier(self.request):
            return rendu | {"url": url, "libelle": "Planifier une session"}
        return rendu | {"url": reverse("programme:grappe-liste"), "libelle": "Voir les grappes"}

    def contexte(self) -> dict[str, Any]:
        """Où en planifier une, si le lecteur n'a qu'un endroit où le faire ; la grappe, si l'on n'en lit qu'une."""
        grappe = _grappe_filtree(self.request)
        conduit = grappe is not None and bool(peut_organiser(self.request.user, grappe))
        ici = reverse("formation:sessionformation-creer", args=[grappe.pk]) if grappe and conduit else ""
        return {"url_creer": ici or ou_planifier(self.request), "grappe": grappe}


def _grappe_filtree(request: Requete) -> Grappe | None:
    """La grappe à laquelle l'adresse réduit la liste ; None si elle n'en dit pas, ou plusieurs."""
    cles = request.GET.getlist("grappe")
    if len(cles) != 1 or not cles[0].isdecimal():
        return None
    return Grappe.objects.visibles_par(request.user).filter(pk=int(cles[0][:18])).first()


def ou_planifier(request: Requete) -> str:
    """La grappe qu'il conduit, ou le seul ESMS pour lequel il saisit ; rien s'il faut choisir."""
    conduites = request.user.perimetre.seul(Role.CHEF_PROJET).grappes
    if len(conduites) == 1:
        return reverse("formation:sessionformation-creer", args=[*conduites])
    premiers = list(parcours_saisis(request.user).values_list("pk", flat=True)[:2])
    return reverse("formation:parcours-session-creer", args=premiers) if len(premiers) == 1 else ""


def session_visible(request: Requete, pk: int) -> SessionFormation:
    """La session, ou 404 pour qui ne la voit pas."""
    return get_object_or_404(SessionFormation.objects.visibles_par(request.user).pour_lecture(), pk=pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """La session : quand, où, qui vient, ce qui reste à faire."""
    session = session_visible(request, pk)
    organise, noms = bool(peut_organiser(request.user, session)), Noms.pour(request.user, session)
    contexte: dict[str, Any] = {
        "session": session,
        "organise": organise,
        "inscrit": bool(peut_inscrire(request.user, session)),
        "qui": qui_vient(session, noms, organise=organise),
        "noms": noms,
        "histoire": passages_en_journal(session),
        "commencee": session.debut <= timezone.now(),
    }
    return render(request, "formation/session_detail.html", contexte)


# --- planifier, corriger -------------------------------------------------------------------------------------------


def _saisie_neuve(request: Requete, grappe: Grappe, parcours: Parcours | None, retour: str) -> HttpResponse:
    exiger(peut_organiser(request.user, parcours or grappe))
    demande = request.GET.get("module", "")
    vise = grappe.modules_formation.filter(pk=int(demande[:18])).first() if demande.isdecimal() else None
    initial = {"module": vise, "capacite": vise.places_par_session} if vise else {}
    formulaire = SessionForm(request.POST or None, grappe=grappe, initial=initial)
    return saisir(
        request,
        formulaire,
        lambda: services.creer_session(grappe=grappe, parcours=parcours, par=request.user, **formulaire.champs()),
        retour=retour,
        vers=lambda session: reverse(DETAIL, args=[session.pk]),
        succes=lambda session: f"« {session} » est planifiée : ouvrez-la aux inscriptions quand vous voulez.",
        gabarit="formation/session_saisie.html",
        grappe=grappe,
        parcours=parcours,
        sans_module=not grappe.modules_formation.en_vigueur().exists(),
        titre="Planifier une session",
        libelle="Planifier la session",
    )


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Une session ouverte à toute la grappe."""
    grappe = get_object_or_404(Grappe.objects.visibles_par(request.user), pk=pk)
    exiger(peut_lire_formation(request.user, grappe))
    return _saisie_neuve(request, grappe, None, f"{reverse(LISTE)}?grappe={pk}")


@require_http_methods(["GET", "POST"])
def creer_pour_l_esms(request: Requete, pk: int) -> HttpResponse:
    """Une session pour un seul ESMS."""
    vus = Parcours.objects.visibles_par(request.user).select_related("grappe", "esms__departement")
    parcours = get_object_or_404(vus, pk=pk)
    exiger(peut_lire_formation(request.user, parcours))
    return _saisie_neuve(request, parcours.grappe, parcours, f"{reverse(LISTE)}?parcours={pk}")


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger une session à venir."""
    session = session_visible(request, pk)
    exiger(peut_organiser(request.user, session))
    if not session.est_a_venir:
        messages.warning(request, services.PLUS_A_VENIR)
        return redirect(DETAIL, pk=pk)
    histoire = SessionFormation.history.filter(id=pk)
    initial = {"vu": jeton(histoire)}
    formulaire = SessionForm(request.POST or None, grappe=session.grappe, session=session, initial=initial)
    return saisir(
        request,
        formulaire,
        lambda: _modifier(request, session, formulaire),
        retour=reverse(DETAIL, args=[pk]),
        succes=_dire_la_modification,
        relire=lambda: jeton(histoire),
        gabarit="formation/session_saisie.html",
        session=session,
        grappe=session.grappe,
        parcours=session.parcours,
        titre="Modifier la session",
        libelle="Enregistrer la session",
    )


def _modifier(request: Requete, session: SessionFormation, formulaire: SessionForm) -> services.Modifiee:
    vu = formulaire.version_vue()
    return services.modifier_session(session=session, par=request.user, vu=vu, **formulaire.champs())


def _dire_la_modification(ecrite: services.Modifiee) -> str:
    bouts = [f"« {ecrite} » est à jour."]
    if ecrite.a_reconvoquer:
        bouts.append(
            f"Elle a bougé : {accorde(ecrite.a_reconvoquer, 'personne est,personnes sont')} à convoquer encore."
        )
    if ecrite.montees:
        bouts.append(f"{accorde(ecrite.montees, 'personne monte,personnes montent')} de la liste d'attente.")
    if ecrite.absentes:
        ne_sont = accorde(ecrite.absentes, "personne inscrite ne sera,personnes inscrites ne seront")
        bouts.append(f"{ne_sont} plus en poste ce jour-là : relisez les inscrits.")
    return " ".join(bouts)
