"""One night for a roster of people, on one machine or many."""
