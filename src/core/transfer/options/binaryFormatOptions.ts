import { choice, count, type FormatOption, onOff } from './formatOption.ts';

const STRINGS = {
  label: 'Texts as text',
  description: 'Off: String columns become binary, for bytes that are not UTF-8',
};
const COMPRESSION = {
  label: 'Compression inside the file',
  description: 'Every column is compressed by itself',
};

export const PARQUET: readonly FormatOption[] = [
  choice(
    'compression',
    'output_format_parquet_compression_method',
    COMPRESSION,
    {
      zstd: 'Zstandard',
      snappy: 'Snappy, for old readers',
      lz4: 'LZ4',
      gzip: 'Gzip',
      brotli: 'Brotli',
      none: 'None',
    },
    { default: 'zstd' },
  ),
  count(
    'rowGroupRows',
    'output_format_parquet_row_group_size',
    { label: 'Rows per row group', description: 'Readers skip and share out whole row groups' },
    { min: 1, max: 1_000_000_000, default: 1_000_000 },
  ),
  onOff('strings', 'output_format_parquet_string_as_string', STRINGS, true),
  onOff(
    'bloomFilters',
    'output_format_parquet_write_bloom_filter',
    { label: 'Bloom filters', description: 'Help readers to skip row groups' },
    true,
  ),
];

export const ORC: readonly FormatOption[] = [
  choice(
    'compression',
    'output_format_orc_compression_method',
    COMPRESSION,
    { zstd: 'Zstandard', snappy: 'Snappy', lz4: 'LZ4', zlib: 'Zlib', none: 'None' },
    { default: 'zstd' },
  ),
  onOff('strings', 'output_format_orc_string_as_string', STRINGS, true),
];

export const ARROW: readonly FormatOption[] = [
  choice(
    'compression',
    'output_format_arrow_compression_method',
    COMPRESSION,
    { lz4_frame: 'LZ4', zstd: 'Zstandard', none: 'None, which every reader knows' },
    { default: 'lz4_frame' },
  ),
  onOff('strings', 'output_format_arrow_string_as_string', STRINGS, true),
  onOff(
    'dictionaries',
    'output_format_arrow_low_cardinality_as_dictionary',
    {
      label: 'LowCardinality as dictionary',
      description: 'Off: LowCardinality columns are written as their values',
    },
    false,
  ),
];

export const AVRO: readonly FormatOption[] = [
  choice(
    'compression',
    'output_format_avro_codec',
    COMPRESSION,
    {
      '': 'What the server takes by itself',
      null: 'None',
      deflate: 'Deflate',
      snappy: 'Snappy',
      zstd: 'Zstandard',
    },
    { default: '' },
  ),
  onOff(
    'strings',
    'output_format_avro_string_column_pattern',
    STRINGS,
    true,
    // A pattern for the names of the columns that are texts; the empty one fits all, this one none.
    { on: '', off: '^$' },
  ),
];

export const BSON: readonly FormatOption[] = [
  onOff('strings', 'output_format_bson_string_as_string', STRINGS, false),
];

export const MSGPACK: readonly FormatOption[] = [
  choice(
    'uuid',
    'output_format_msgpack_uuid_representation',
    { label: 'UUID values', description: 'How a UUID is written' },
    { ext: 'Extension type', str: 'Text', bin: 'Binary' },
    { default: 'ext' },
  ),
];
