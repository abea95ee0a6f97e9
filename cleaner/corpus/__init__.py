"""One run over a corpus, in passes over its steps; what a pass finds lies in the spool until the next.

    scan    every article by itself; its paragraphs with their keys, and its texts, to the spool
    decide  equal keys and near sketches -> which paragraph goes for which
    replay  every step once more, with what was decided -> outputs, as in any run

A paragraph is known by its number in reading order among those that are long enough to go alone, and
within its step by its number there.
"""
