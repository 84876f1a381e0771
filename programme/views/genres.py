"""Les genres de lignes d'un ESMS : comment chacun s'ajoute, se lit et se nomme à l'écran."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from programme.enums import SUJETS_SI, MoyenReprise, SortApplication, TempsEcriture
from programme.forms import lignes as forms
from programme.models import (
    Application,
    Besoin,
    ConflitCalendrier,
    DocumentSi,
    LigneReprise,
    Parcours,
    PersonneRessource,
    TempsMetier,
)
from programme.models.etat_des_lieux import retenues
from programme.services import interlocuteurs, lignes
from programme.services.interlocuteurs import carte_de
from programme.socle.dates import date_courte
from programme.socle.nombres import accorde
from programme.socle.nombres import nombre as nombre_en_mots

Lue = dict[str, Any]


@dataclass(frozen=True)
class Genre:
    """Un genre de ligne. `colonnes` : la première nomme la ligne ; `dire` rend les cellules dans le même ordre.

    `neuf` : « application ajoutée ». `vide` : pourquoi il n'y a rien, et que faire. `page` : la page où il se lit.
    """

    code: str
    titre: str
    neuf: str
    bouton: str
    page: str
    colonnes: tuple[str, ...]
    formulaire: Callable[..., Any]
    dire: Callable[[Any], tuple[Any, ...]]
    vide: str
    modele: Any = None
    intro: str = ""
    etroits: frozenset[str] = field(default_factory=frozenset)
    larges: frozenset[str] = field(default_factory=frozenset)

    def lire(self, parcours: Parcours, par: Any, au: Any) -> list[Lue]:
        """Ce qui est dit pour cet ESMS, prêt à s'écrire."""
        if self.modele is None:
            return _contacts(parcours, par, au)
        objets: Iterable[Any] = lignes.lignes_de(parcours, self.modele)
        if self.modele is Application:
            objets = retenues(objets)
        return [
            {
                "cellules": list(zip(self.colonnes, self.dire(x), strict=True)),
                "nom": str(x),
                "provenance": "dit pour tout l'organisme" if getattr(x, "est_commune", False) else "",
                "cle": x.pk if lignes.peut_ecrire(par, parcours, x) else None,
            }
            for x in objets
        ]

    def ecrire(self, parcours: Parcours, formulaire: Any, par: Any) -> Any:
        """Ajoute la ligne que dit le formulaire."""
        if self.modele is None:
            sujet = formulaire.cleaned_data["sujet"]
            return interlocuteurs.ajouter(cible=formulaire.cible, sujet=sujet, valeurs=formulaire.valeurs(), par=par)
        return lignes.enregistrer(
            parcours=parcours, modele=self.modele, valeurs=formulaire.valeurs(), par=par, pour_og=formulaire.pour_og
        )


@dataclass(frozen=True, slots=True)
class Mot:
    """Une cellule et son ton (« vin », « ocre », « vigne », « second ») : le mot dit déjà tout sans la couleur."""

    texte: str
    ton: str = ""

    def __str__(self) -> str:
        return self.texte


TONS_SORT = {SortApplication.A_DECIDER: "ocre", SortApplication.ARRETEE: "second", SortApplication.REMPLACEE: "second"}
TONS_TEMPS = {TempsEcriture.DECIDE: "vigne", TempsEcriture.NON_DECIDE: "ocre", TempsEcriture.REFUSE: "vin"}


def _contacts(parcours: Parcours, par: Any, au: Any) -> list[Lue]:
    """Les sujets du système d'information, tels que la carte « à qui m'adresser » y répond."""
    carte = carte_de(parcours.esms, par=par, au=au)
    rendu = []
    for ligne in carte.lignes:
        for reponse in ligne.reponses if ligne.sujet in SUJETS_SI else ():
            i = reponse.interlocuteur
            joindre = " · ".join(mot for mot in (i.telephone, i.courriel) if mot)
            qui = f"{i.nom}, {i.fonction}" if i.fonction else i.nom
            cellules = list(zip(CONTACT.colonnes, (ligne.sujet.label, qui, joindre or "—"), strict=True))
            provenance = "" if i.esms_id else reponse.provenance
            rendu.append({"cellules": cellules, "nom": i.nom, "provenance": provenance, "cle": None})
    return rendu


def _document(d: DocumentSi) -> tuple[Any, ...]:
    return d.get_nature_display(), d.intitule or "—", d.lieu, date_courte(d.date)


def _application(a: Application) -> tuple[Any, ...]:
    sort = Mot(a.get_sort_display(), TONS_SORT.get(SortApplication(a.sort), ""))
    return a.nom, a.get_domaine_display(), a.editeur or "—", sort, a.interface or "—", a.pour_qui or "—"


def _besoin(b: Besoin) -> tuple[Any, ...]:
    recueil = ", ".join(m for m in (b.get_perimetre_display(), b.get_methode_display().lower()) if m)
    commun = Mot(f"rapproché de « {b.commun} »", "vigne") if b.commun else "—"
    return b.libelle, b.module or "—", b.get_priorite_display(), recueil or "—", b.precision or "—", commun


def _heures(nombre: int | None, *, rouge: bool = False) -> Any:
    if nombre is None:
        return Mot("pas dit", "second")
    return Mot(f"{nombre} h", "vin" if rouge and not nombre else "")


def _ressource(r: PersonneRessource) -> tuple[Any, ...]:
    degage = bool(r.heures_accordees)
    return (
        str(r),
        r.get_expertise_display(),
        _heures(r.heures_demandees),
        _heures(r.heures_accordees, rouge=True),
        _heures(r.heures_degagees, rouge=degage),
    )


def _temps(t: TempsMetier) -> tuple[Any, ...]:
    decision = Mot(t.get_decision_display(), TONS_TEMPS[TempsEcriture(t.decision)])
    return str(t.metier), decision, accorde(t.minutes, "minute") if t.minutes else "—", t.decide_par or "—"


def _compte(nombre: int | None, unite: str) -> Any:
    return Mot("pas compté", "second") if nombre is None else f"{nombre_en_mots(nombre)} {unite}"


def _reprise(r: LigneReprise) -> tuple[Any, ...]:
    if r.est_faite:
        reste = Mot("pas reprises" if r.moyen == MoyenReprise.AUCUN else "tout est repris", "vigne")
    else:
        reste = _compte(r.reste, r.unite)
    return (
        r.quoi,
        r.get_source_display(),
        _compte(r.volume, r.unite),
        reste,
        r.get_moyen_display() or Mot("à décider", "second"),
        r.qui or "—",
        date_courte(r.echeance).replace(" ", "\u00a0"),
        Mot("sécurité des soins", "" if r.est_faite else "vin") if r.securite_soins else "—",
    )


def _conflit(c: ConflitCalendrier) -> tuple[Any, ...]:
    return c.get_nature_display(), c.quand, c.note or "—"


DOCUMENT = Genre(
    "document",
    "Documents",
    "Document ajouté",
    "Ajouter le document",
    "parcours-etat-des-lieux",
    ("Document", "Intitulé", "Où il se trouve", "Daté du"),
    forms.DocumentForm,
    _document,
    "Aucun document dit. Le contrat d'hébergement ou de maintenance est souvent le premier qu'on retrouve.",
    DocumentSi,
    "Lesquels existent et où les trouver ; le fichier reste où il est.",
)
CONTACT = Genre(
    "contact",
    "Contacts",
    "Contact ajouté",
    "Ajouter le contact",
    "parcours-etat-des-lieux",
    ("Pour", "S'adresser à", "Joindre"),
    forms.ContactForm,
    lambda contact: (),
    "Aucun contact dit. Commencez par qui répond du système d'information, au siège ou ici.",
    intro="Les mêmes que sur la carte « à qui m'adresser » : coordonnées professionnelles seulement.",
)
APPLICATION = Genre(
    "application",
    "Applications",
    "Application ajoutée",
    "Ajouter l'application",
    "parcours-etat-des-lieux",
    ("Application", "Sert à", "Éditeur", "Avec le DUI", "Lien attendu", "Pour qui"),
    forms.ApplicationForm,
    _application,
    "Aucune application dite. Pensez au planning, à la paie, au circuit du médicament, à la messagerie.",
    Application,
    "Ce qui sert aujourd'hui, et ce que l'arrivée du DUI en fera. Rien n'est obligatoire.",
    larges=frozenset({"interface"}),
)
BESOIN = Genre(
    "besoin",
    "Besoins exprimés",
    "Besoin ajouté",
    "Ajouter le besoin",
    "parcours-besoins",
    ("Besoin", "Module", "Priorité", "Recueil", "Précision", "Dans la grappe"),
    forms.BesoinForm,
    _besoin,
    "Aucun besoin encore. Écrivez-en un par ligne, dans les mots de l'équipe : la grappe rapprochera les semblables.",
    Besoin,
    "Un par ligne, dans les mots de l'équipe ; jamais le nom ni l'histoire d'une personne accompagnée.",
    larges=frozenset({"libelle", "precision"}),
)
RESSOURCE = Genre(
    "ressource",
    "Personnes ressources",
    "Personne ressource ajoutée",
    "Ajouter la personne",
    "parcours-ressources",
    ("Personne", "Apporte", "Demandées", "Accordées", "Dégagées"),
    forms.RessourceForm,
    _ressource,
    "Personne encore. Dites une fonction et les heures demandées : c'est la demande qui ouvre la discussion.",
    PersonneRessource,
    "Heures par mois : ce qui est demandé, ce qui est accordé, ce qui est réellement dégagé.",
    frozenset({"heures_demandees", "heures_accordees", "heures_degagees"}),
)
TEMPS = Genre(
    "temps",
    "Temps d'écriture et de lecture, par métier",
    "Métier ajouté",
    "Ajouter le métier",
    "parcours-ressources",
    ("Métier", "Décision", "Par jour", "Par qui"),
    forms.TempsForm,
    _temps,
    "Aucun métier dit. Non décidé est une réponse : l'essentiel est que cela se voie, et qui doit trancher.",
    TempsMetier,
    "Décidé, non décidé ou refusé : le dire, et par qui. La réponse de l'ESMS se déduit de ces lignes.",
    frozenset({"minutes"}),
)
REPRISE = Genre(
    "reprise",
    "Données à reprendre",
    "Données ajoutées",
    "Ajouter ces données",
    "parcours-reprise",
    ("Données", "Source", "Volume", "Reste", "Comment", "Qui", "Pour le", "En dépend"),
    forms.RepriseForm,
    _reprise,
    "Rien n’est dit encore. Commencez par ce dont les soins dépendent : traitements, allergies, régimes.",
    LigneReprise,
    "Tout reprendre n’est pas toujours utile : le dire compte aussi. Jamais le nom d’une personne accompagnée.",
    frozenset({"volume", "unite", "reste", "echeance"}),
)
CONFLIT = Genre(
    "conflit",
    "Ce qui occupe déjà l'ESMS",
    "Conflit ajouté",
    "Ajouter",
    "parcours-moment",
    ("Ce qui occupe l'ESMS", "Quand", "Précision"),
    forms.ConflitForm,
    _conflit,
    "Rien de dit. Une visite d'évaluation, des travaux, un autre projet : la vague se choisit aussi selon eux.",
    ConflitCalendrier,
    "Une ligne par période ; sans fin, un seul jour. Le calendrier de la grappe la montre, jamais au financeur.",
    frozenset({"debut", "fin"}),
    frozenset({"note"}),
)
GENRES = {g.code: g for g in (DOCUMENT, CONTACT, APPLICATION, BESOIN, RESSOURCE, TEMPS, REPRISE, CONFLIT)}
