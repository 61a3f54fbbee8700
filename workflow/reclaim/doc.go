// Package reclaim has seats come back that nobody uses. A turn of the calendar reads, in bulk, who is in the groups of an app and when it was
// used, and asks the holders of idle seats, some at a time. Whoever still needs it says so; who uses it again is asked no more; where nobody answers,
// its use is read once more when the time is up, and the access ends as any grant does. What isn't known is never idle, and what couldn't be read ends nothing.
package reclaim
