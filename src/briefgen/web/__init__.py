"""The local web page: today, briefs, people and the five minutes, for whoever opens no terminal."""
