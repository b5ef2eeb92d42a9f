(module
  (memory (export "memory") 1)
  (func (export "scan") (param $end i32) (param $quotes i64) (param $inside i32) (result i32)
    (local $at i32) (local $lines i64) (local $in i64) (local $q i64) (local $n i64)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $lf v128) (local $quote v128)
    (local.set $in (i64.extend_i32_s (local.get $inside)))
    (local.set $lf (v128.const i8x16 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10))
    (local.set $quote (v128.const i8x16 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34 34))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $a (v128.load (local.get $at)))
        (local.set $b (v128.load offset=16 (local.get $at)))
        (local.set $c (v128.load offset=32 (local.get $at)))
        (local.set $d (v128.load offset=48 (local.get $at)))
        (local.set $n
          (i64.or
            (i64.or
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $lf))))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $lf)))) (i64.const 16)))
            (i64.or
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $lf)))) (i64.const 32))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $lf)))) (i64.const 48)))))
        (local.set $q
          (i64.and (local.get $quotes)
          (i64.or
            (i64.or
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $quote))))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $quote)))) (i64.const 16)))
            (i64.or
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $quote)))) (i64.const 32))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $quote)))) (i64.const 48))))))
        (local.set $q (i64.xor (local.get $q) (i64.shl (local.get $q) (i64.const 1))))
        (local.set $q (i64.xor (local.get $q) (i64.shl (local.get $q) (i64.const 2))))
        (local.set $q (i64.xor (local.get $q) (i64.shl (local.get $q) (i64.const 4))))
        (local.set $q (i64.xor (local.get $q) (i64.shl (local.get $q) (i64.const 8))))
        (local.set $q (i64.xor (local.get $q) (i64.shl (local.get $q) (i64.const 16))))
        (local.set $q (i64.xor (local.get $q) (i64.shl (local.get $q) (i64.const 32))))
        (local.set $q (i64.xor (local.get $q) (local.get $in)))
        (local.set $lines (i64.add (local.get $lines)
          (i64.popcnt (i64.and (local.get $n) (i64.xor (local.get $q) (i64.const -1))))))
        (local.set $in (i64.shr_s (local.get $q) (i64.const 63)))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $next)))
    (i32.or
      (i32.wrap_i64 (local.get $lines))
      (i32.shl (i32.wrap_i64 (local.get $in)) (i32.const 31)))))
