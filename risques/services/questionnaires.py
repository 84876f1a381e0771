"""Les versions d'un questionnaire : charger un texte en brouillon, le rendre, dire ce qu'il change, le publier."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from programme.models import Grappe, Utilisateur
from programme.services.controles import exiger
from programme.socle.erreurs import Refus
from risques.calculs.differences import Differences, comparer
from risques.definition.modele import Condition, Definition, Echelon, QuestionDefinie, SectionDefinie
from risques.models import Question, Questionnaire, Section, VersionQuestionnaire
from risques.models.questionnaires import VersionQuestionnaireQuerySet
from risques.permissions import peut_tenir_questionnaires, peut_tenir_version

SECONDES_PAR_QUESTION = 90
"""Ce qu'on annonce quand le fichier ne dit rien : cent questions en deux heures et demie (metier §5)."""

CODE_PRIS = "Ce code est déjà celui d'un questionnaire d'un autre cercle : choisissez-en un autre."
AUTRE_OBJET = "« {} » mesure « {} », et ce texte dit « {} » : changez de code, ou d'objet."
DEJA_PUBLIEE = "Cette version est publiée : elle ne change plus. Apportez un autre texte, ce sera la suivante."
PAS_COMPARABLE = "Cette version ne se compare pas à la précédente. {}"
PAS_DE_PRECEDENTE = "Aucune version publiée ne la précède : elle ne se compare qu'à elle-même."


def duree_annoncee(definition: Definition) -> int:
    """Minutes pour répondre : celles du texte, ou une minute et demie par question."""
    nb_questions = sum(1 for _ in definition.questions)
    return definition.duree_minutes or max(1, -(-nb_questions * SECONDES_PAR_QUESTION // 60))


def versions_de(questionnaire: Questionnaire, grappe: Grappe | None) -> list[VersionQuestionnaire]:
    """Les versions d'une portée (Treille sans grappe), de la première à la dernière, questions comprises."""
    versions = VersionQuestionnaire.objects.de_portee(questionnaire, grappe).order_by("numero")
    return list(versions.select_related("questionnaire").prefetch_related("sections__questions"))


def definition_de(version: VersionQuestionnaire) -> Definition:
    """Le texte d'une version, tel qu'un fichier le dirait ; `version` y est son numéro. Deux requêtes, ou aucune."""
    sections = version.sections.all()
    if "sections" not in getattr(version, "_prefetched_objects_cache", {}):
        sections = sections.prefetch_related("questions")
    questionnaire = version.questionnaire
    return Definition(
        code=questionnaire.code,
        nom=questionnaire.nom,
        objet=questionnaire.objet,
        version=version.numero,
        sens=version.sens,
        duree_minutes=version.duree_minutes,
        provenance=version.provenance,
        note=version.note,
        total=version.total,
        sections=tuple(
            SectionDefinie(
                code=s.code,
                nom=s.nom,
                aide=s.aide,
                points=s.points,
                questions=tuple(map(_question, s.questions.all())),
            )
            for s in sections
        ),
    )


def _question(q: Question) -> QuestionDefinie:
    return QuestionDefinie(
        code=q.code,
        enonce=q.enonce,
        sens=q.sens,
        aide=q.aide,
        minimum=q.minimum,
        maximum=q.maximum,
        poids=_nombre(q.poids),
        etoilee=q.etoilee,
        sans_objet=q.sans_objet,
        echelle=tuple(Echelon(**echelon) for echelon in q.echelle),
        choix=q.choix,
        categorie=q.categorie,
        action=q.action,
        risque=q.risque,
        si=Condition(q.si_question, q.si_au_moins) if q.si_question and q.si_au_moins is not None else None,
    )


def _nombre(poids: Decimal) -> int | float:
    return int(poids) if poids == int(poids) else float(poids)


# --- écrire --------------------------------------------------------------------------------------------------------


@transaction.atomic
def charger_definition(definition: Definition, *, grappe: Grappe | None, par: Utilisateur) -> VersionQuestionnaire:
    """Range un texte vérifié en brouillon d'une grappe, ou (sans grappe) de Treille ; remplace celui de cette portée.

    Le numéro est le suivant de la portée, celui du texte ne compte pas. Le nom et l'objet ne changent plus une fois
    qu'une version est publiée. Lève `Refus` (droit, champ).
    """
    exiger(peut_tenir_questionnaires(par, grappe))
    questionnaire = _questionnaire(definition, par)
    # Sous verrou : publiée entre-temps, elle n'est plus à remplacer.
    siennes = VersionQuestionnaire.objects.de_portee(questionnaire, grappe)
    version = siennes.brouillons().select_for_update(of=("self",)).first()
    if version is None:
        suivant = dernier_numero(siennes) + 1
        version = VersionQuestionnaire(questionnaire=questionnaire, grappe=grappe, numero=suivant)
    version.creee_par, version.empreinte = par, ""
    ecrire_texte(version, definition)
    proposer_comparabilite(version)
    return version


def _questionnaire(definition: Definition, par: Utilisateur) -> Questionnaire:
    """Celui de ce code, sous verrou. Lève `Refus` si le code est pris ailleurs, ou mesure autre chose."""
    trouve, neuf = Questionnaire.objects.select_for_update().get_or_create(
        code=definition.code, defaults={"nom": definition.nom, "objet": definition.objet}
    )
    if neuf:
        return trouve
    # Ce qu'il ne voit pas, il ne le complète pas : le nom d'une autre grappe ne se devine pas par son code.
    if not par.est_treille and not Questionnaire.objects.visibles_par(par).filter(pk=trouve.pk).exists():
        raise Refus("champ", CODE_PRIS, champs={"code": [CODE_PRIS]})
    if refus := refus_d_objet(trouve, definition):
        raise Refus("champ", refus, champs={"objet": [refus]})
    if not est_paru(trouve):
        renommer(trouve, definition)
    return trouve


def refus_d_objet(questionnaire: Questionnaire, definition: Definition) -> str:
    """Pourquoi ce texte ne peut pas en être une version, en une phrase ; vide s'il le peut."""
    if questionnaire.objet == definition.objet or not est_paru(questionnaire):
        return ""
    dit = Questionnaire(objet=definition.objet).get_objet_display()
    return AUTRE_OBJET.format(questionnaire.nom, questionnaire.get_objet_display(), dit)


def est_paru(questionnaire: Questionnaire) -> bool:
    """Vrai si une de ses versions est, ou a été, publiée."""
    return questionnaire.versions.parues().exists()


def renommer(questionnaire: Questionnaire, definition: Definition) -> None:
    """Donne au questionnaire le nom et l'objet du texte."""
    if (questionnaire.nom, questionnaire.objet) != (definition.nom, definition.objet):
        questionnaire.nom, questionnaire.objet = definition.nom, definition.objet
        questionnaire.save()


def dernier_numero(versions: VersionQuestionnaireQuerySet) -> int:
    """Le plus grand numéro parmi ces versions ; 0 s'il n'y en a pas."""
    return versions.aggregate(n=Max("numero"))["n"] or 0


def ecrire_texte(version: VersionQuestionnaire, definition: Definition) -> None:
    """Met ce texte à la place de celui d'un brouillon, qu'il crée s'il est neuf. Le texte est supposé vérifié."""
    version.sens, version.total = definition.sens, definition.total
    version.duree_minutes = duree_annoncee(definition)
    version.provenance, version.note = definition.provenance, definition.note
    version.comparable_depuis = None
    version.save()
    version.sections.all().delete()
    sections = Section.objects.bulk_create(
        Section(version=version, code=s.code, rang=rang, nom=s.nom, aide=s.aide, points=s.points)
        for rang, s in enumerate(definition.sections, 1)
    )
    Question.objects.bulk_create(
        _en_base(q, section, rang)
        for section, definie in zip(sections, definition.sections, strict=True)
        for rang, q in enumerate(definie.questions, 1)
    )


def _en_base(q: QuestionDefinie, section: Section, rang: int) -> Question:
    return Question(
        section=section,
        rang=rang,
        code=q.code,
        enonce=q.enonce,
        sens=q.sens,
        aide=q.aide,
        minimum=q.minimum,
        maximum=q.maximum,
        poids=Decimal(str(q.poids)),
        etoilee=q.etoilee,
        sans_objet=q.sans_objet,
        echelle=[{"valeur": e.valeur, "libelle": e.libelle} for e in q.echelle],
        choix=q.choix,
        categorie=q.categorie,
        action=q.action,
        risque=q.risque,
        si_question=q.si.question if q.si else "",
        si_au_moins=q.si.au_moins if q.si else None,
    )


# --- comparer ------------------------------------------------------------------------------------------------------


def precedente_de(version: VersionQuestionnaire) -> VersionQuestionnaire | None:
    """La dernière version parue avant elle dans sa portée."""
    parues = VersionQuestionnaire.objects.de_portee(version.questionnaire, version.grappe).parues()
    avant = parues.filter(numero__lt=version.numero).order_by("-numero")
    return avant.select_related("questionnaire").first()


def differences_avec(version: VersionQuestionnaire, precedente: VersionQuestionnaire | None) -> Differences | None:
    """Ce que `version` change à `precedente` ; None s'il n'y en a pas."""
    return comparer(definition_de(precedente), definition_de(version)) if precedente else None


def origine_de_comparaison(version: VersionQuestionnaire) -> int | None:
    """Le plus ancien numéro auquel elle peut se dire comparable : celui de la précédente, ou le plus ancien à elle."""
    precedente = precedente_de(version)
    return (precedente.comparable_depuis or precedente.numero) if precedente else None


def proposer_comparabilite(version: VersionQuestionnaire) -> None:
    """Dit un brouillon comparable à la version d'avant, si échelles et sens des questions communes sont les mêmes.

    Ce n'est qu'une proposition : la personne la défait par `choisir_comparabilite`.
    """
    ecarts = differences_avec(version, precedente_de(version))
    comparable = ecarts is not None and not ecarts.obstacle
    version.comparable_depuis = origine_de_comparaison(version) if comparable else None
    version.save(update_fields=["comparable_depuis"])


@transaction.atomic
def choisir_comparabilite(*, version: VersionQuestionnaire, comparable: bool, par: Utilisateur) -> VersionQuestionnaire:
    """Dit si un brouillon, une fois publié, se comparera aux versions d'avant. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_tenir_version(par, version))
    version = VersionQuestionnaire.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if not version.est_brouillon:
        raise Refus("etat", DEJA_PUBLIEE)
    if comparable:
        _exiger_comparable(version)
    version.comparable_depuis = origine_de_comparaison(version) if comparable else None
    version.save(update_fields=["comparable_depuis"])
    return version


def _exiger_comparable(version: VersionQuestionnaire) -> None:
    ecarts = differences_avec(version, precedente_de(version))
    raison = PAS_DE_PRECEDENTE if ecarts is None else ecarts.obstacle and PAS_COMPARABLE.format(ecarts.obstacle)
    if raison:
        raise Refus("champ", raison, champs={"comparable": [raison]})
