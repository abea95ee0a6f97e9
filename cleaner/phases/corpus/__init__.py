"""Scope corpus: what several articles say. Pure phases over tables of numpy arrays and texts.

table   texts of one step -> their paragraphs with copy keys and sketches
copies  paragraphs with one key -> which are copies of which, by their raw texts
near    sketches -> pairs at or over the similarity
align   removed paragraphs -> blocks with their short lines, whole articles
joint   an article's own removals and those across articles -> one outcome
"""
