// Package people knows who somebody is and what they may do: it joins what Slack
// and the directories say of a person into one, remembers which accounts are
// theirs, answers every question of authority in one function, and finds out who
// is asked to decide.
package people
