"""A corpus with phrases in it, and what gensim 4.4"s Phrases makes of it (its golden numbers)."""

SENTENCES = [
    sentence.split()
    for number in range(60)
    for sentence in (
        "the new york times wrote of tea",
        "new york is a city" if number % 2 else "the new city is in new york",
        "ice cream and tea" if number % 3 else "tea and ice",
        "cream of the times" if number % 5 == 0 else "times of the new ice age",
        "york minster" if number % 7 == 0 else "a city of tea",
    )
]

# Phrases(SENTENCES, min_count=5, threshold=0.12, scoring="default"). The score is word2phrase"s,
# divided by the words of the corpus and times len(phrases.vocab).
GENSIM_VOCABULARY, GENSIM_WORDS = 42, 1558
GENSIM_DEFAULT_THRESHOLD = 0.12
GENSIM_DEFAULT = {
    ("the", "new"): 0.18808080808080807,
    ("new", "york"): 0.18910030537937517,
    ("york", "times"): 0.1492248062015504,
    ("times", "wrote"): 0.3208333333333333,
    ("wrote", "of"): 0.22514619883040934,
    ("of", "tea"): 0.1522519749666564,
    ("city", "is"): 0.15765765765765766,
    ("is", "in"): 0.5833333333333333,
    ("in", "new"): 0.17676767676767677,
    ("york", "minster"): 0.14470284237726097,
    ("york", "is"): 0.13565891472868216,
    ("is", "a"): 0.21604938271604937,
    ("a", "city"): 0.3550216883550217,
    ("ice", "cream"): 0.26175213675213677,
    ("cream", "and"): 0.47115384615384615,
    ("and", "tea"): 0.14327485380116958,
    ("ice", "age"): 0.34837962962962965,
}
# Phrases(SENTENCES, min_count=5, threshold=0.4, scoring="npmi").
GENSIM_NPMI_THRESHOLD = 0.4
GENSIM_NPMI = {
    ("the", "new"): 0.816661528162779,
    ("new", "york"): 0.7764545610174391,
    ("york", "times"): 0.5521343334040695,
    ("times", "wrote"): 0.7871701448021342,
    ("wrote", "of"): 0.6784221935107061,
    ("of", "tea"): 0.6728280052442557,
    ("city", "is"): 0.49329117961740004,
    ("is", "in"): 0.82451796162031,
    ("in", "new"): 0.522256112606362,
    ("york", "minster"): 0.48338725169788344,
    ("york", "is"): 0.455244675118912,
    ("is", "a"): 0.5730593239161466,
    ("a", "city"): 0.8934352217303112,
    ("ice", "cream"): 0.6571489732106134,
    ("cream", "and"): 0.8176464944111322,
    ("and", "tea"): 0.49259755304718117,
    ("ice", "age"): 0.7669712108530907,
    ("city", "of"): 0.41873379149351597,
}
# How often the joined words then occur, for either.
GENSIM_JOINED = {
    "the_new": 138,
    "york_times": 60,
    "wrote_of": 60,
    "city_is": 30,
    "in_new": 30,
    "york_minster": 9,
    "new_york": 30,
    "is_a": 30,
    "ice_cream": 40,
    "and_tea": 40,
    "ice_age": 48,
    "a_city": 51,
    "of_tea": 51,
}
