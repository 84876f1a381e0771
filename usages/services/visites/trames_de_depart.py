"""Un jeu de trames pour commencer, écrit ici : on le pose en un clic, puis chaque équipe en fait le sien."""

from usages.enums import FormeDeTemps, ThemeEffet

I, C, O = FormeDeTemps.INDIVIDUEL, FormeDeTemps.COLLECTIF, FormeDeTemps.OBSERVATION  # noqa: E741
T = ThemeEffet

DE_DEPART: dict[tuple[ThemeEffet, FormeDeTemps], tuple[str, ...]] = {
    (T.DEPLOIEMENT, I): (
        "Qu'attendiez-vous du DUI au moment de vous lancer ?",
        "Qui a porté le projet ici, et avec quel temps ?",
        "Qu'est-ce qui a été le plus difficile, et comment l'avez-vous passé ?",
        "Qui a été formé, quand, et qu'est-ce qui a manqué ?",
        "Que conseilleriez-vous à un établissement qui commence ?",
    ),
    (T.ORGANISATION, C): (
        "Racontez une journée : à quels moments ouvrez-vous le DUI ?",
        "Comment passaient les informations avant, comment passent-elles aujourd'hui ?",
        "Qui écrit, qui lit, et qui n'y va jamais ?",
        "Qu'est-ce qui se fait encore sur papier, ou ailleurs ?",
        "Qu'est-ce qui a changé entre vos métiers ?",
    ),
    (T.ORGANISATION, O): (
        "Où sont les postes, et faut-il attendre pour s'en servir ?",
        "Combien de temps dure la relève, et sur quoi s'appuie-t-elle ?",
        "Qui écrit pendant ce temps, qui dicte, qui relit ?",
        "Quels papiers, quels cahiers sont encore ouverts sur la table ?",
    ),
    (T.QVCT, C): (
        "Qu'est-ce qui vous fait gagner du temps, qu'est-ce qui vous en prend ?",
        "Quand le DUI vous a-t-il tranquillisés, quand vous a-t-il inquiétés ?",
        "Emportez-vous du travail d'écriture hors de vos heures ?",
        "Vous sentez-vous suivis, ou aidés, par ce qui s'y écrit ?",
        "À qui demandez-vous de l'aide, et répond-on ?",
    ),
    (T.QVCT, I): (
        "Qu'est-ce qui a changé dans votre charge de travail ?",
        "Qu'est-ce que vous ne voudriez plus perdre ? Qu'aimeriez-vous retirer ?",
    ),
    (T.AUTODETERMINATION, C): (
        "Savez-vous qu'il existe un dossier où l'on écrit sur votre accompagnement ?",
        "L'avez-vous déjà lu, ou fait lire ? Qu'en avez-vous pensé ?",
        "Avez-vous pu y dire ce que vous voulez, avec vos mots ?",
        "Qu'aimeriez-vous pouvoir y faire vous-même ?",
    ),
    (T.AUTODETERMINATION, O): (
        "La personne voit-elle l'écran quand on écrit sur elle ?",
        "Ses mots sont-ils repris tels quels ?",
        "Qui décide de ce qui s'écrit, et comment le lui dit-on ?",
    ),
    (T.ACCOMPAGNEMENT, I): (
        "Comment se prépare et se suit un projet personnalisé aujourd'hui ?",
        "Qu'est-ce que le DUI vous a fait voir que vous ne voyiez pas ?",
        "Qu'est-ce qui se perd encore entre deux prises en charge ?",
        "Quels échanges avec le dehors (médecin, école, famille) passent par lui ?",
    ),
    (T.ACCOMPAGNEMENT, C): (
        "Prenez un exemple, sans nommer personne : qu'est-ce que le DUI y a changé ?",
        "Les objectifs d'un projet se relisent-ils, et par qui ?",
        "Qu'est-ce qui est plus sûr, qu'est-ce qui l'est moins ?",
    ),
    (T.ACCOMPAGNEMENT, O): (
        "Le DUI est-il ouvert pendant l'accompagnement, ou après ?",
        "Ce qui s'écrit sert-il à quelqu'un le jour même ?",
        "Cherche-t-on une information sans la trouver ?",
    ),
    (T.PILOTAGE, C): (
        "Quels chiffres tirez-vous du DUI, et qu'en faites-vous ?",
        "Quelle décision avez-vous prise grâce à eux ?",
        "Quelles saisies faites-vous encore deux fois ?",
        "Qui vérifie ce qui est écrit, et comment ?",
    ),
    (T.PILOTAGE, I): (
        "Que demandent vos financeurs, et que sort le DUI de lui-même ?",
        "Comment préparez-vous l'évaluation de la qualité ?",
    ),
    (T.EFFICIENCE, I): (
        "Qu'a coûté le projet, au-delà du logiciel : du temps, du matériel, des remplacements ?",
        "Qu'est-ce qu'il a fait économiser, et comment le savez-vous ?",
        "Qu'est-ce qu'il faudra payer chaque année ?",
        "Sans financement, l'auriez-vous fait ?",
    ),
    (T.SECTEUR, I): (
        "Qu'est-ce que le DUI change dans vos liens avec les autres structures du territoire ?",
        "Vous aide-t-il à accompagner autrement, ou hors les murs ?",
        "Que faudrait-il pour aller plus loin ?",
    ),
}
"""Par thème et par forme, les questions dans l'ordre."""
