// Package lookahead looks at what has to be known before access is given while it is still being
// found out whether the yes counts from which that follows: the look and the judgement take as
// long as the slower of the two, instead of both. Nothing follows from a look by itself.
package lookahead
