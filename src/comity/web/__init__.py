"""The desk: server-rendered pages over the acts."""
