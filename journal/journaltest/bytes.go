package journaltest

import (
	"context"

	"github.com/weirflow/weir/codec"
	"github.com/weirflow/weir/journal"
)

// Bytes is a store in memory in which every record has been bytes once: what a run finds in it after a resume is what it would
// find in a store outside the process. It is for tests of pipelines that are to be resumed from such a store.
func Bytes(c codec.Codec) journal.Store { return &encoded{Memory: journal.NewMemory(), codec: c} }

// encoded is a Memory behind an encoding.
type encoded struct {
	*journal.Memory
	codec codec.Codec
}

// Append adds records as they come back from bytes.
func (e *encoded) Append(ctx context.Context, c journal.Claim, records []journal.Record) error {
	read := make([]journal.Record, len(records))
	for i := range records {
		data, err := journal.Encode(&records[i], e.codec)
		if err != nil {
			return err
		}
		if read[i], err = journal.Decode(data, e.codec); err != nil {
			return err
		}
	}
	return e.Memory.Append(ctx, c, read)
}
