-- A tour of Rowhouse. Put the cursor in a statement and press Ctrl+Enter (Cmd+Enter on a Mac).
-- Nothing has to be set up: a local ClickHouse starts by itself and reads the files in the folder "data".

-- 1. A first look at a file. ClickHouse finds out the columns and types of a Parquet file by itself.
SELECT * FROM file('data/flights-3m.parquet') LIMIT 100;

-- 2. Three million flights, summed up by airport and joined with a CSV file for the names.
SELECT
    flight.origin AS airport,
    any(place.name) AS name,
    any(place.city) AS city,
    count() AS flights,
    round(avg(flight.delay), 1) AS mean_delay,
    quantileExact(0.95)(flight.delay) AS delay_p95
FROM file('data/flights-3m.parquet') AS flight
LEFT JOIN file('data/airports.csv') AS place ON place.iata = flight.origin
GROUP BY airport
ORDER BY flights DESC
LIMIT 20;

-- 3. JSON works the same way. Names with spaces go in back quotes.
SELECT Title, Director, `Worldwide Gross`, `Worldwide Gross` - `Production Budget` AS profit
FROM file('data/movies.json')
WHERE profit IS NOT NULL
ORDER BY profit DESC
LIMIT 50;

-- 4. Which columns does a file have?
DESCRIBE TABLE file('data/cars.json');

-- 5. Numbers are exact, digit by digit, however big they are.
SELECT
    toInt64('-9223372036854775808') AS int64_min,
    18446744073709551615 AS uint64_max,
    toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935') AS uint256_max,
    toDecimal64('1234567890.12345678', 8) AS decimal64,
    toDecimal256('0.000000000000000000000000000000000000000001', 42) AS decimal256,
    0.1 + 0.2 AS float64;

-- 6. So are dates, times and addresses, each in its own time zone.
SELECT
    toDate32('1925-01-01') AS date32,
    toDateTime64('2024-03-31 02:30:00.123456789', 9, 'UTC') AS utc,
    toTimeZone(utc, 'Europe/Berlin') AS berlin,
    toTimeZone(utc, 'Asia/Kathmandu') AS kathmandu,
    toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS uuid,
    toIPv4('203.0.113.7') AS ipv4,
    toIPv6('2001:db8::ff00:42:8329') AS ipv6,
    CAST('green', 'Enum8(\'red\' = 1, \'green\' = 2)') AS enum8;

-- 7. And nested types: arrays, tuples, maps and NULLs.
SELECT
    number AS id,
    if(number % 3 = 0, NULL, number * 1.5) AS nullable,
    range(number) AS array,
    map('even', number % 2 = 0, 'small', number < 3) AS map,
    CAST((number, toString(number)), 'Tuple(id UInt64, name String)') AS tuple,
    arrayMap(x -> (x, [x, NULL]), range(number)) AS nested
FROM numbers(6);

-- 8. Each SQL file has a session of its own: what is set here stays here, and no other tab sees it.
SET session_timezone = 'America/Los_Angeles', param_origin = 'SEA';

-- 9. The time zone of this session is the one just set. Run the same in another file and compare.
SELECT timezone() AS session_timezone, now() AS here, now('UTC') AS utc;

-- 10. Temporary tables belong to the session too.
CREATE OR REPLACE TEMPORARY TABLE routes AS
SELECT origin, destination, any(distance) AS miles, count() AS flights
FROM file('data/flights-3m.parquet')
GROUP BY origin, destination;

-- 11. A query parameter: {name:Type}. The value is sent beside the SQL, so it needs no quoting.
--     Statement 8 gave {origin:String} a value for this session.
SELECT destination, miles, flights
FROM routes
WHERE origin = {origin:String}
ORDER BY flights DESC;

-- 12. A table that stays. Refresh the Connections view, then drop data/seattle-weather.csv on "weather".
CREATE TABLE IF NOT EXISTS weather
(
    date Date,
    precipitation Float32,
    temp_max Float32,
    temp_min Float32,
    wind Float32,
    weather LowCardinality(String)
)
ENGINE = MergeTree
ORDER BY date;

-- 13. What has arrived? Empty until the file has been dropped.
SELECT
    toStartOfMonth(date) AS month,
    count() AS days,
    countIf(weather = 'rain') AS rainy,
    round(max(temp_max), 1) AS warmest
FROM weather
GROUP BY month
ORDER BY month;

-- 14. All three million rows. Scroll to the end, or save them: Save Results As... writes CSV, TSV, Parquet
--     and every other format of ClickHouse, byte for byte as the server sends it.
SELECT * FROM file('data/flights-3m.parquet');

-- 15. This one fails on purpose: "dealy" is misspelt. The place of the error is underlined.
SELECT origin, avg(dealy) AS mean_delay
FROM file('data/flights-3m.parquet')
GROUP BY origin;
