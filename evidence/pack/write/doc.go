// Package write makes packs: every file of one, the sums of them, and the signed manifest that
// vouches for the sums. A pack that was broken off has no manifest, so it is none.
package write
