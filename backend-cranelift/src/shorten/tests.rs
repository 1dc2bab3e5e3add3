//! What becomes of small functions, as bytes.

use super::{Constant, Frame, Shortened, shorten};

const PUSH_RBP: &[u8] = &[0x55];
const MOV_RBP_RSP: &[u8] = &[0x48, 0x89, 0xe5];
const MOV_RSP_RBP: &[u8] = &[0x48, 0x89, 0xec];
const POP_RBP: &[u8] = &[0x5d];
const RET: &[u8] = &[0xc3];
const XOR_EAX_EAX: &[u8] = &[0x31, 0xc0];
/// `cmp edi, 7`
const COMPARE: &[u8] = &[0x83, 0xff, 0x07];
/// `mov eax, [rdi]`
const LOAD: &[u8] = &[0x8b, 0x07];

fn short(parts: &[&[u8]]) -> Option<Shortened> {
    with_frame(parts, &Frame::default())
}

fn with_frame(parts: &[&[u8]], frame: &Frame) -> Option<Shortened> {
    shorten(&parts.concat(), &[], &|n| n as usize, frame)
}

/// The code, which must have changed.
fn code(parts: &[&[u8]]) -> Vec<u8> {
    short(parts).expect("shorter code").code
}

fn floats() -> Frame {
    Frame {
        outgoing: Some(0),
        scalars_only: true,
        ..Frame::default()
    }
}

/// `call` with a relocation in its last four bytes.
const CALL: &[u8] = &[0xe8, 0, 0, 0, 0];

#[test]
fn jumps_that_reach_get_the_short_form() {
    let jump_over_load = [0x0f, 0x84, 2, 0, 0, 0];
    assert_eq!(
        code(&[COMPARE, &jump_over_load, LOAD, RET]),
        [COMPARE, &[0x74, 2], LOAD, RET].concat()
    );
}

#[test]
fn jumps_that_do_not_reach_stay_long_and_arrive() {
    // Two jumps, one over the other's target; 128 bytes lie between the first and the end.
    let body = LOAD.repeat(64);
    let far = [&[0x0f, 0x84][..], &(128i32).to_le_bytes()].concat();
    let near = [0x0f, 0x85, 0, 0, 0, 0];
    let got = code(&[COMPARE, &far, &body, &near, RET]);
    let want = [
        COMPARE,
        &[0x0f, 0x84],
        &128i32.to_le_bytes(),
        &body,
        &[0x75, 0],
        RET,
    ]
    .concat();
    // The first jump still goes behind the body: to the second jump.
    assert_eq!(got, want);
}

#[test]
fn a_loop_goes_back_to_its_start() {
    // add edi, 1; cmp edi, 7; jne start; ret
    let step = [0x83, 0xc7, 0x01];
    let back = [&[0x0f, 0x85][..], &(-12i32).to_le_bytes()].concat();
    assert_eq!(
        code(&[&step, COMPARE, &back, RET]),
        [&step, COMPARE, &[0x75, 0xf8], RET].concat()
    );
}

#[test]
fn what_is_not_understood_stays() {
    let jump = [0x0f, 0x84, 2, 0, 0, 0];
    // A jump through a table; a far return; a jump into an instruction; a call without relocation.
    let into = [0x0f, 0x84, 1, 0, 0, 0];
    assert!(short(&[COMPARE, &jump, LOAD, &[0xff, 0xe0]]).is_none());
    assert!(short(&[COMPARE, &jump, LOAD, &[0xcb]]).is_none());
    assert!(short(&[COMPARE, &into, LOAD, RET]).is_none());
    assert!(short(&[COMPARE, &jump, LOAD, CALL, RET]).is_none());
    // Code that ends within an instruction, or runs on at its end.
    assert!(short(&[COMPARE, &jump, LOAD, &[0x48]]).is_none());
    assert!(short(&[COMPARE, &jump, LOAD]).is_none());
    assert!(short(&[]).is_none());
}

#[test]
fn vectors_are_moved_without_prefix() {
    // movdqa xmm9, xmm1; xorpd xmm0, xmm9; movsd [rdi], xmm0
    let long: [&[u8]; 3] = [
        &[0x66, 0x44, 0x0f, 0x6f, 0xc9],
        &[0x66, 0x41, 0x0f, 0x57, 0xc1],
        &[0xf2, 0x0f, 0x11, 0x07],
    ];
    // movaps, xorps, movlps
    let want: [&[u8]; 3] = [
        &[0x44, 0x0f, 0x28, 0xc9],
        &[0x41, 0x0f, 0x57, 0xc1],
        &[0x0f, 0x13, 0x07],
    ];
    assert_eq!(
        code(&[long[0], long[1], long[2], RET]),
        [&want.concat()[..], RET].concat()
    );
}

#[test]
fn constants_leave_the_code_with_their_size() {
    // addsd xmm0, [rip+8]; movss xmm1, [rip+8]; ret; padding; 1.0; 2.0f0
    let mut bytes = vec![0xf2, 0x0f, 0x58, 0x05, 16, 0, 0, 0];
    bytes.extend([0xf3, 0x0f, 0x10, 0x0d, 16, 0, 0, 0]);
    bytes.push(0xc3);
    bytes.resize(24, 0);
    bytes.extend(1f64.to_le_bytes());
    bytes.extend(2f32.to_le_bytes());
    let got = short(&[&bytes]).expect("shorter code");
    assert_eq!(got.code.len(), 17);
    let constants: Vec<(u32, u32, Constant)> = got
        .constants
        .iter()
        .map(|c| (c.at, c.to_end, c.constant))
        .collect();
    assert_eq!(
        constants,
        [
            (4, 4, Constant::new(&1f64.to_le_bytes())),
            (12, 4, Constant::new(&2f32.to_le_bytes()))
        ]
    );
}

/// `movabs rax, bits; movq xmm2, rax`
fn made_constant(value: f64) -> Vec<u8> {
    let mut bytes = vec![0x48, 0xb8];
    bytes.extend(value.to_bits().to_le_bytes());
    bytes.extend([0x66, 0x48, 0x0f, 0x6e, 0xd0]);
    bytes
}

#[test]
fn floats_made_in_general_registers_are_operands_in_memory() {
    // addsd xmm0, xmm2
    let add = [0xf2, 0x0f, 0x58, 0xc2];
    let got = short(&[&made_constant(0.5), &add, XOR_EAX_EAX, RET]).expect("shorter code");
    let want = [&[0xf2, 0x0f, 0x58, 0x05, 0, 0, 0, 0], XOR_EAX_EAX, RET].concat();
    assert_eq!(got.code, want);
    assert_eq!(
        got.constants[0].constant,
        Constant::new(&0.5f64.to_le_bytes())
    );
}

#[test]
fn a_constant_that_is_needed_elsewhere_stays_in_its_register() {
    // The general register is returned; or the vector register is used twice.
    let add = [0xf2, 0x0f, 0x58, 0xc2];
    assert!(short(&[&made_constant(0.5), &add, RET]).is_none());
    let got = short(&[&made_constant(0.5), &add, &add, XOR_EAX_EAX, RET]).expect("shorter code");
    let load = [0xf2, 0x0f, 0x10, 0x15, 0, 0, 0, 0];
    assert_eq!(got.code, [&load, &add[..], &add, XOR_EAX_EAX, RET].concat());
}

#[test]
fn leaf_functions_without_memory_have_no_frame() {
    assert_eq!(
        code(&[PUSH_RBP, MOV_RBP_RSP, LOAD, MOV_RSP_RBP, POP_RBP, RET]),
        [LOAD, RET].concat()
    );
    // One that reads an argument from its caller's frame has one: mov eax, [rbp+16]
    let argument = [0x8b, 0x45, 0x10];
    assert_eq!(
        code(&[PUSH_RBP, MOV_RBP_RSP, &argument, MOV_RSP_RBP, POP_RBP, RET]),
        [PUSH_RBP, MOV_RBP_RSP, &argument, POP_RBP, RET].concat()
    );
}

/// A function with a frame of 0xb0 bytes that saves rbx, calls, and keeps xmm0 over the call.
fn keeps_a_float() -> Vec<u8> {
    [
        PUSH_RBP,
        MOV_RBP_RSP,
        &[0x48, 0x81, 0xec, 0xb0, 0, 0, 0],       // sub rsp, 0xb0
        &[0x48, 0x89, 0x9c, 0x24, 0xa0, 0, 0, 0], // mov [rsp+0xa0], rbx
        &[0x48, 0x89, 0xfb],                      // mov rbx, rdi
        &[0xf3, 0x0f, 0x7f, 0x84, 0x24, 0x90, 0, 0, 0], // movdqu [rsp+0x90], xmm0
        CALL,
        &[0xf3, 0x0f, 0x6f, 0x94, 0x24, 0x90, 0, 0, 0], // movdqu xmm2, [rsp+0x90]
        &[0xf2, 0x0f, 0x58, 0xc2],                      // addsd xmm0, xmm2
        &[0xf2, 0x0f, 0x11, 0x03],                      // movsd [rbx], xmm0
        &[0x48, 0x8b, 0x9c, 0x24, 0xa0, 0, 0, 0],       // mov rbx, [rsp+0xa0]
        &[0x48, 0x81, 0xc4, 0xb0, 0, 0, 0],             // add rsp, 0xb0
        MOV_RSP_RBP,
        POP_RBP,
        RET,
    ]
    .concat()
}

#[test]
fn frames_are_as_large_as_what_is_kept() {
    let bytes = keeps_a_float();
    let call = bytes.windows(5).position(|w| w == CALL).expect("a call") as u32;
    let got = shorten(&bytes, &[call + 1], &|_| 0, &floats()).expect("shorter code");
    let want: Vec<&[u8]> = vec![
        PUSH_RBP,
        MOV_RBP_RSP,
        &[0x48, 0x83, 0xec, 0x18], // sub rsp, 0x18
        &[0x53],                   // push rbx
        &[0x48, 0x89, 0xfb],       // mov rbx, rdi
        &[0x0f, 0x11, 0x45, 0xf0], // movups [rbp-0x10], xmm0
        CALL,
        &[0xf2, 0x0f, 0x58, 0x45, 0xf0], // addsd xmm0, [rbp-0x10]
        &[0x0f, 0x13, 0x03],             // movlps [rbx], xmm0
        &[0x5b, 0xc9, 0xc3],             // pop rbx; leave; ret
    ];
    assert_eq!(got.code, want.concat());
    let at = got.code.windows(5).position(|w| w == CALL).expect("a call") as u32;
    assert_eq!(got.relocs, [(0, at + 1)]);
}

#[test]
fn a_frame_whose_arguments_for_calls_are_not_known_keeps_its_order() {
    let bytes = keeps_a_float();
    let call = bytes.windows(5).position(|w| w == CALL).expect("a call") as u32;
    let frame = Frame {
        outgoing: None,
        ..floats()
    };
    let got = shorten(&bytes, &[call + 1], &|_| 0, &frame).expect("shorter code");
    // sub rsp, 0xa8 behind push rbx, which is at the top; then the same distance as before.
    let start = [
        PUSH_RBP,
        MOV_RBP_RSP,
        &[0x53],
        &[0x48, 0x81, 0xec, 0xa8, 0, 0, 0],
    ]
    .concat();
    assert_eq!(got.code[..start.len()], start);
    // addsd xmm0, [rbp-0x20]
    let add = [0xf2, 0x0f, 0x58, 0x45, 0xe0];
    assert!(got.code.windows(5).any(|w| w == add), "{:x?}", got.code);
    // lea rsp, [rbp-8]; pop rbx; pop rbp; ret
    let end = [0x48, 0x8d, 0x65, 0xf8, 0x5b, 0x5d, 0xc3];
    assert!(got.code.ends_with(&end), "{:x?}", got.code);
}

#[test]
fn memory_that_a_function_asked_for_stays_together() {
    // lea rdi, [rsp+0x20]; call; mov rax, [rsp+0x28]
    let bytes = [
        PUSH_RBP,
        MOV_RBP_RSP,
        &[0x48, 0x83, 0xec, 0x40],
        &[0x48, 0x8d, 0x7c, 0x24, 0x20],
        CALL,
        &[0x48, 0x8b, 0x44, 0x24, 0x28],
        &[0x48, 0x83, 0xc4, 0x40],
        MOV_RSP_RBP,
        POP_RBP,
        RET,
    ]
    .concat();
    let frame = Frame {
        slots: vec![(0, 32, 8), (32, 24, 8)],
        ..floats()
    };
    let call = bytes.windows(5).position(|w| w == CALL).expect("a call") as u32;
    let got = shorten(&bytes, &[call + 1], &|_| 0, &frame).expect("shorter code");
    // The first object is never used. sub rsp, 0x20; lea rdi, [rbp-0x18]; mov rax, [rbp-0x10]
    let want = [
        PUSH_RBP,
        MOV_RBP_RSP,
        &[0x48, 0x83, 0xec, 0x20],
        &[0x48, 0x8d, 0x7d, 0xe8],
        CALL,
        &[0x48, 0x8b, 0x45, 0xf0],
        &[0xc9, 0xc3],
    ];
    assert_eq!(got.code, want.concat());
}

#[test]
fn moves_that_change_nothing_go() {
    // mov rcx, rdi; mov rdi, rcx; mov rax, [rdi]; in a frame, where moves are looked at
    let bytes: [&[u8]; 8] = [
        PUSH_RBP,
        MOV_RBP_RSP,
        &[0x48, 0x89, 0xf9],
        &[0x48, 0x89, 0xcf],
        &[0x48, 0x8b, 0x07],
        MOV_RSP_RBP,
        POP_RBP,
        RET,
    ];
    // rcx may be a result.
    assert_eq!(
        code(&bytes),
        [&[0x48, 0x89, 0xf9], &[0x48, 0x8b, 0x07], RET].concat()
    );
}

#[test]
fn a_move_stays_where_another_path_has_another_value() {
    // mov rdi, rsi on one path only; then mov rcx, rdi; on a loop's start nothing is known
    let bytes: [&[u8]; 9] = [
        PUSH_RBP,
        MOV_RBP_RSP,
        &[0x48, 0x89, 0xf9], // mov rcx, rdi
        COMPARE,
        &[0x74, 3],
        &[0x48, 0x89, 0xf7], // mov rdi, rsi
        &[0x48, 0x89, 0xf9], // mov rcx, rdi
        &[0x48, 0x89, 0xc8], // mov rax, rcx
        &[0x48, 0x89, 0xec, 0x5d, 0xc3],
    ];
    let got = code(&bytes);
    assert_eq!(
        got.windows(3).filter(|w| *w == [0x48, 0x89, 0xf9]).count(),
        1
    );
    assert!(got.windows(3).any(|w| w == [0x48, 0x89, 0xf7]));
}

#[test]
fn results_that_are_known_leave_other_registers_free() {
    // mov rcx, rdi; mov rax, [rdi]; in a frame
    let bytes: [&[u8]; 7] = [
        PUSH_RBP,
        MOV_RBP_RSP,
        &[0x48, 0x89, 0xf9],
        &[0x48, 0x8b, 0x07],
        MOV_RSP_RBP,
        POP_RBP,
        RET,
    ];
    let frame = Frame {
        results: Some((1, 0)),
        ..Frame::default()
    };
    let got = with_frame(&bytes, &frame).expect("shorter code");
    assert_eq!(got.code, [&[0x48, 0x8b, 0x07], RET].concat());
}

#[test]
fn far_exits_are_left_for_by_way_of_nearer_jumps() {
    // je exit; 100 bytes; je exit; 100 bytes; ret; exit: xor eax, eax; ret
    let body = LOAD.repeat(50);
    let first = [&[0x0f, 0x84][..], &203i32.to_le_bytes()].concat();
    let second = [0x74, 101];
    let exit = [XOR_EAX_EAX, RET].concat();
    let got = code(&[COMPARE, &first, &body, &second, &body, RET, &exit]);
    let want: [&[u8]; 7] = [COMPARE, &[0x74, 100], &body, &second, &body, RET, &exit];
    assert_eq!(got, want.concat());
    // Another condition does not help.
    let other = [0x75, 101];
    let first = [&[0x0f, 0x84][..], &203i32.to_le_bytes()].concat();
    assert!(short(&[COMPARE, &first, &body, &other, &body, RET, &exit]).is_none());
}

#[test]
fn a_condition_that_jumps_over_a_jump_is_inverted() {
    // jne over; jmp exit; over: load; ret; exit: xor eax, eax; ret
    let got = code(&[COMPARE, &[0x75, 2], &[0xeb, 3], LOAD, RET, XOR_EAX_EAX, RET]);
    assert_eq!(
        got,
        [COMPARE, &[0x74, 3], LOAD, RET, XOR_EAX_EAX, RET].concat()
    );
}

/// head: add rdx, [rdi]; lea rax, [rcx+1]; cmp rcx, rsi; je out; mov rcx, rax; jmp head; out:
const LOOP: &[u8] = &[
    0x48, 0x03, 0x17, 0x48, 0x8d, 0x41, 0x01, 0x48, 0x39, 0xf1, 0x74, 0x05, 0x48, 0x89, 0xc1, 0xeb,
    0xef,
];

#[test]
fn a_loop_ends_in_one_jump() {
    // out: mov rax, rdx; ret
    let got = with_frame(
        &[LOOP, &[0x48, 0x89, 0xd0], RET],
        &Frame {
            results: Some((1, 0)),
            ..Frame::default()
        },
    );
    let want = [
        &LOOP[..10],
        &[0x48, 0x89, 0xc1, 0x75, 0xf1, 0x48, 0x89, 0xd0, 0xc3],
    ]
    .concat();
    assert_eq!(got.expect("shorter code").code, want);
}

#[test]
fn a_loop_whose_counter_is_needed_behind_it_stays() {
    // out: mov rax, rcx; ret
    assert!(short(&[LOOP, &[0x48, 0x89, 0xc8], RET]).is_none());
    // Or one with two ways to its moves.
    let jump_in = [0x85, 0xd2, 0x75, 0x0c];
    let into = [&jump_in[..], LOOP, &[0x48, 0x89, 0xd0], RET].concat();
    let frame = Frame {
        results: Some((1, 0)),
        ..Frame::default()
    };
    assert!(with_frame(&[&into], &frame).is_none());
}

#[test]
fn equal_ends_of_paths_are_there_once() {
    // mov [rsi], rdi; mov [rsi+8], rdi; ret
    let store = [0x48, 0x89, 0x3e, 0x48, 0x89, 0x7e, 0x08];
    // mov eax, 1
    let one = [0xb8, 1, 0, 0, 0];
    let bytes: [&[u8]; 8] = [
        COMPARE,
        &[0x74, 10],
        XOR_EAX_EAX,
        &store,
        RET,
        &one,
        &store,
        RET,
    ];
    let got = code(&bytes);
    let want: [&[u8]; 7] = [
        COMPARE,
        &[0x74, 10],
        XOR_EAX_EAX,
        &store,
        RET,
        &one,
        &[0xeb, 0xf1],
    ];
    assert_eq!(got, want.concat());
}

#[test]
fn ends_that_refer_to_different_symbols_are_not_equal() {
    // mov rdi, rsi; jmp symbol
    let end = [0x48, 0x89, 0xf7, 0xe9, 0, 0, 0, 0];
    let bytes = [COMPARE, &[0x74, 8], &end, &end].concat();
    let joined = shorten(&bytes, &[9, 17], &|_| 0, &Frame::default()).expect("shorter code");
    assert_eq!(joined.code.len(), 5 + 8);
    assert_eq!(joined.relocs.len(), 1);
    assert!(shorten(&bytes, &[9, 17], &|n| n as usize, &Frame::default()).is_none());
}

/// Code with changed bytes is not what the code generator makes, yet nothing may panic, and what
/// comes out is not longer.
#[test]
fn changed_bytes_are_refused_or_shortened() {
    let bytes = keeps_a_float();
    let call = bytes.windows(5).position(|w| w == CALL).expect("a call") as u32;
    let mut state: u64 = 7;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut shortened = 0;
    for _ in 0..20_000 {
        let mut changed = bytes.clone();
        for _ in 0..=random() % 3 {
            let at = (random() % changed.len() as u64) as usize;
            changed[at] = random() as u8;
        }
        let frame = Frame {
            slots: vec![((random() % 256) as u32, (random() % 64) as u32, 8)],
            outgoing: Some((random() % 32) as u32),
            ..floats()
        };
        if let Some(short) = shorten(&changed, &[call + 1], &|_| 0, &frame) {
            assert!(short.code.len() < changed.len());
            shortened += 1;
        }
    }
    assert!(shortened > 1000, "{shortened}");
}
