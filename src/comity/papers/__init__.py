"""Papers as PDF: a paper is plain blocks, typeset with tags, a title and a language, as readers of any kind need it."""
