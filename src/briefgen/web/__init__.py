"""The local web page: today, briefs, people and the five minutes, without a terminal."""
